// A drive of this machine as exports see it.

export interface Drive {
  /** Folder to begin with: the drive itself, or the user's own folder on it. */
  path: string;
  /** Where the system shows it. */
  mount: string;
  /** The system's name of the device, for unmounting; empty where there is none. */
  device: string;
  /** Its label; empty where it has none. */
  name: string;
  fileSystem: string;
  freeBytes: number;
  /** 0 where it is not known. */
  totalBytes: number;
  removable: boolean;
  network: boolean;
  writable: boolean;
}

/** What a system tells of a mounted drive before its space is asked. */
export type MountedDrive = Omit<Drive, 'path' | 'freeBytes' | 'totalBytes' | 'writable'> & {
  readOnly: boolean;
};
