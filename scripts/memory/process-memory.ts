// What this process has taken of the machine's memory.

const KIB = 1024;

/** Most resident memory so far, bytes. */
export const peakBytes = (): number => process.resourceUsage().maxRSS * KIB;
export const residentBytes = (): number => process.memoryUsage.rss();
export const gib = (bytes: number): string => `${(bytes / KIB ** 3).toFixed(2)} GiB`;
export const mib = (bytes: number): string => `${Math.round(bytes / KIB ** 2)} MiB`;
