// Bytes as a person says them.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Three figures at most: 1.2 GB, 340 MB. */
export function formatBytes(bytes: number, language: string): string {
  let [value, unit] = [Math.max(0, bytes), 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const number = value.toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number} ${UNITS[unit]}`;
}
