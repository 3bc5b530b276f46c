// Drives of Linux: /proc/self/mounts, and sysfs for what can be unplugged.

import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MountedDrive } from './drive.ts';

export interface Mount {
  readonly device: string;
  readonly mount: string;
  readonly type: string;
  readonly readOnly: boolean;
}

const NETWORK = /^(?:nfs\d?|cifs|smb\d?|smbfs|fuse\.(?:sshfs|davfs|rclone|glusterfs)|afs|ceph|9p)$/;
/** Where desktops put what a person plugs in. */
const PLUGGED_IN = /^\/(?:run\/)?media\//;

/** Lines of /proc/mounts; blanks and the like stand there as `\040`. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [device, mount, type, options] = line.split(' ').map(unescaped);
    if (options === undefined) return [];
    return [{ device, mount, type, readOnly: options.split(',').includes('ro') }];
  });
}

export function linuxDrives(text = readFileSync('/proc/self/mounts', 'utf8')): MountedDrive[] {
  const labels = labelsByDevice();
  const found = new Map<string, MountedDrive>();
  for (const { device, mount, type, readOnly } of parseMounts(text)) {
    const network = NETWORK.test(type);
    // Loop devices of snaps are read-only programs, not drives.
    if (!network && (!device.startsWith('/dev/') || type === 'squashfs')) continue;
    const key = network ? mount : device;
    // One device can be shown in many places (containers, binds): the shortest is the drive.
    const known = found.get(key);
    if (known !== undefined && known.mount.length <= mount.length) continue;
    const removable = !network && (PLUGGED_IN.test(mount) || isUnpluggable(device));
    found.set(key, {
      mount,
      device,
      name: labels.get(device) ?? (PLUGGED_IN.test(mount) ? basename(mount) : ''),
      fileSystem: type,
      removable,
      network,
      readOnly,
    });
  }
  return [...found.values()];
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Removable by its own word, or on USB or a card reader. */
function isUnpluggable(device: string): boolean {
  try {
    const at = realpathSync(join('/sys/class/block', basename(realpathSync(device))));
    if (/\/usb\d|\/mmc_host\//.test(at)) return true;
    return [at, join(at, '..')].some((folder) => text(join(folder, 'removable')) === '1');
  } catch {
    return false;
  }
}

function labelsByDevice(): Map<string, string> {
  const labels = new Map<string, string>();
  const folder = '/dev/disk/by-label';
  for (const label of entries(folder)) {
    try {
      const plain = label.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      labels.set(realpathSync(join(folder, label)), plain);
    } catch {
      // Unplugged in between.
    }
  }
  return labels;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
