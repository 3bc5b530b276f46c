// Drives of macOS: `mount` lists them, `diskutil info` tells of each.

import type { MountedDrive } from './drive.ts';

export interface MacMount {
  readonly device: string;
  readonly mount: string;
  readonly type: string;
  readonly options: readonly string[];
}

const NETWORK = new Set(['smbfs', 'nfs', 'afpfs', 'webdav']);

/** `/dev/disk4s1 on /Volumes/STICK (msdos, local, nodev)`; the names may hold blanks and brackets. */
export function parseMacMounts(text: string): MacMount[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(.+?) on (\/.*) \(([^()]+)\)$/.exec(line.trim());
    if (match === null) return [];
    const [type, ...options] = match[3].split(', ');
    return [{ device: match[1], mount: match[2], type, options }];
  });
}

/** The system's own volumes are no place for data. */
export function isMacDrive({ device, mount, type, options }: MacMount): boolean {
  if (mount === '/System/Volumes/Data') return true;
  if (mount === '/' || mount.startsWith('/System/') || options.includes('nobrowse')) return false;
  return NETWORK.has(type) || device.startsWith('/dev/disk');
}

/** `about` is `diskutil info -plist` as JSON; null where it did not answer. */
export function macDrive(
  { device, mount, type, options }: MacMount,
  about: Record<string, unknown> | null,
): MountedDrive {
  const label = about?.VolumeName;
  const bundle = about?.FilesystemType;
  const removable = about?.RemovableMediaOrExternalDevice ?? about?.Ejectable;
  return {
    mount,
    device,
    name: typeof label === 'string' ? label : (mount.split('/').at(-1) ?? ''),
    fileSystem: typeof bundle === 'string' ? bundle : type,
    removable: removable === true,
    network: NETWORK.has(type),
    readOnly: options.includes('read-only'),
  };
}
