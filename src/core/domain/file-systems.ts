// What a file system cannot hold, by the names that Linux, macOS and Windows have for it.

export interface FileSystemLimits {
  /** Largest file in bytes; null where no export reaches it. */
  readonly largestFile: number | null;
  /** Entries of one folder; a long name takes one for every 13 letters and one more. */
  readonly folderEntries: number | null;
  /** Windows reads it: its rules for names hold, and paths beyond 259 letters trouble its programs. */
  readonly windows: boolean;
}

const FAT: FileSystemLimits = { largestFile: 2 ** 32 - 1, folderEntries: 65_534, windows: true };
const WINDOWS: FileSystemLimits = { largestFile: null, folderEntries: null, windows: true };
const OTHER: FileSystemLimits = { largestFile: null, folderEntries: null, windows: false };

/** The longest path that every Windows program can open. */
export const LONGEST_WINDOWS_PATH = 259;

const FAT_NAMES = /^(?:vfat|msdos|fat|fat12|fat16|fat32|fat-32|umsdos)$/i;
const WINDOWS_NAMES = /^(?:exfat|ntfs3?|ntfs-3g|fuseblk|refs|cifs|smb\d?|smbfs|csvfs)$/i;

/** An unknown file system has no limits that we know. */
export function limitsOf(fileSystem: string): FileSystemLimits {
  if (FAT_NAMES.test(fileSystem)) return FAT;
  return WINDOWS_NAMES.test(fileSystem) ? WINDOWS : OTHER;
}

/** How many entries a name takes in a folder of FAT32. */
export function fatEntries(name: string): number {
  return 1 + Math.ceil(name.length / 13);
}

/** What people call it. */
export function fileSystemName(fileSystem: string): string {
  if (/^(?:vfat|msdos|fat32)$/i.test(fileSystem)) return 'FAT32';
  if (/^exfat$/i.test(fileSystem)) return 'exFAT';
  if (/^(?:ntfs3?|ntfs-3g|fuseblk)$/i.test(fileSystem)) return 'NTFS';
  if (/^(?:apfs|refs)$/i.test(fileSystem)) return fileSystem.toUpperCase().replace('REFS', 'ReFS');
  return fileSystem;
}
