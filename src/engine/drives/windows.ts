// Drives of Windows, as its own management interface tells them.

import type { MountedDrive } from './drive.ts';

interface Told {
  DeviceID?: unknown;
  DriveType?: unknown;
  FileSystem?: unknown;
  VolumeName?: unknown;
  Access?: unknown;
  Unpluggable?: unknown;
}

/** Win32_LogicalDisk; hard disks on USB call themselves local, so the bus is asked as well. */
export const WINDOWS_DRIVES = [
  "$ErrorActionPreference = 'SilentlyContinue'",
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
  "$usb = @(Get-Disk | Where-Object { $_.BusType -in 'USB','SD','MMC' } | Get-Partition | ForEach-Object { [string]$_.DriveLetter + ':' })",
  'ConvertTo-Json -Compress @(Get-CimInstance Win32_LogicalDisk | Where-Object { $_.Size } | Select-Object DeviceID, DriveType, FileSystem, VolumeName, Access, @{ n = "Unpluggable"; e = { $usb -contains $_.DeviceID } })',
].join('; ');

const REMOVABLE = 2;
const LOCAL = 3;
const NETWORK = 4;
/** Access of media that cannot be written to. */
const READABLE = 1;

/** What the script above answers; what makes no sense is left out. */
export function parseWindowsDrives(json: string): MountedDrive[] {
  let told: unknown;
  try {
    told = JSON.parse(json);
  } catch {
    return [];
  }
  return (Array.isArray(told) ? told : [told]).flatMap((one: Told | null) => {
    const { DeviceID: id, DriveType: kind, FileSystem: type, VolumeName: name } = one ?? {};
    if (typeof id !== 'string' || !/^[A-Z]:$/i.test(id)) return [];
    if (kind !== REMOVABLE && kind !== LOCAL && kind !== NETWORK) return [];
    return [
      {
        mount: `${id}\\`,
        device: id,
        name: typeof name === 'string' ? name : '',
        fileSystem: typeof type === 'string' ? type : '',
        removable: kind === REMOVABLE || one?.Unpluggable === true,
        network: kind === NETWORK,
        readOnly: one?.Access === READABLE,
      },
    ];
  });
}
