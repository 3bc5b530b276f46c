// Shares in per cent with one digit, differences with their sign.

export function percent(value: number, language: string): string {
  return (100 * value).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

export function signed(value: number, language: string): string {
  return value.toLocaleString(language, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}
