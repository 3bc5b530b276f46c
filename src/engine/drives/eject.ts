// Asks the system to let go of a drive, and believes only its own list of mounts.

import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../core/base/errors.ts';
import { type Answer, askSystem, powershell } from './ask-system.ts';
import type { MountedDrive } from './drive.ts';
import { mountedDrives } from './list-drives.ts';

const LOOKS = 10;
const BETWEEN_MS = 300;

export interface Ejected {
  /** The system shows it no more. */
  readonly gone: boolean;
  /** What the system said where it is still there. */
  readonly reason: string | null;
}

/** Only drives that can be unplugged are let go. */
export async function ejectDrive(mount: string): Promise<Ejected> {
  const drive = (await mountedDrives()).find((one) => one.mount === mount);
  if (drive === undefined) return { gone: true, reason: null };
  if (!drive.removable)
    throw new AppError('usage', 'this drive cannot be removed while the computer runs', { file: mount });
  const answer = await letGo(drive);
  for (let look = 0; look < LOOKS; look++) {
    if (!(await mountedDrives()).some((one) => one.mount === mount)) return { gone: true, reason: null };
    if (!answer.ok) break;
    await pause(BETWEEN_MS);
  }
  return { gone: false, reason: answer.complaint || null };
}

async function letGo({ device, mount }: MountedDrive): Promise<Answer> {
  if (process.platform === 'win32') return powershell(ejectScript(device));
  if (process.platform === 'darwin') return askSystem('diskutil', ['eject', mount]);
  const asked = await askSystem('udisksctl', ['unmount', '--no-user-interaction', '-b', device]);
  if (!asked.ok) {
    // Without the desktop's service only who mounted it may let it go.
    const plain = await askSystem('umount', [mount]);
    return plain.ok || !asked.found ? plain : asked;
  }
  // The light goes out; a reader with several cards may refuse, which harms nothing.
  await askSystem('udisksctl', ['power-off', '--no-user-interaction', '-b', device]);
  return asked;
}

/** The same as "Eject" in the Explorer. The letter has been checked by its list. */
function ejectScript(letter: string): string {
  return `(New-Object -ComObject Shell.Application).Namespace(17).ParseName('${letter}').InvokeVerb('Eject'); Start-Sleep -Milliseconds 1500`;
}
