// The door to datasets: folders in, reports out.

export type { ScanOptions } from './scan-folder.ts';
export { scanFolder } from './scan-folder.ts';
