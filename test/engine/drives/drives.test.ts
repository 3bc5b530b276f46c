// Drives as Linux, macOS and Windows tell of them, and which one a path lies on.

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { ejectDrive } from '../../../src/engine/drives/eject.ts';
import { linuxDrives, parseMounts } from '../../../src/engine/drives/linux.ts';
import { listDrives, mountedDrives, mountOf } from '../../../src/engine/drives/list-drives.ts';
import { isMacDrive, macDrive, parseMacMounts } from '../../../src/engine/drives/mac.ts';
import { parseWindowsDrives } from '../../../src/engine/drives/windows.ts';

const MOUNTS = [
  '/dev/nvme0n1p2 / ext4 rw,relatime 0 0',
  'proc /proc proc rw 0 0',
  'tmpfs /run tmpfs rw,size=1k 0 0',
  '/dev/loop3 /snap/core/1 squashfs ro 0 0',
  '/dev/sdz1 /run/media/ute/MY\\040STICK vfat rw,nosuid 0 0',
  '/dev/sdy1 /media/ute/ro exfat ro,nosuid 0 0',
  '/dev/nvme0n1p2 /var/lib/docker/ext ext4 rw 0 0',
  '//server/qs /mnt/qs cifs rw 0 0',
  '',
].join('\n');

test('Linux: real drives and shares, blanks in names, one row per device', () => {
  assert.equal(parseMounts(MOUNTS)[4].mount, '/run/media/ute/MY STICK');
  assert.deepEqual(
    linuxDrives(MOUNTS).map(({ mount, fileSystem, removable, network, readOnly }) => [
      mount,
      fileSystem,
      removable,
      network,
      readOnly,
    ]),
    [
      ['/', 'ext4', false, false, false],
      ['/run/media/ute/MY STICK', 'vfat', true, false, false],
      ['/media/ute/ro', 'exfat', true, false, true],
      ['/mnt/qs', 'cifs', false, true, false],
    ],
  );
});

test('Windows: letters, kinds, hard disks on USB; nonsense is no drive', () => {
  const told = [
    {
      DeviceID: 'C:',
      DriveType: 3,
      FileSystem: 'NTFS',
      VolumeName: 'Windows',
      Access: 0,
      Unpluggable: false,
    },
    { DeviceID: 'D:', DriveType: 5, FileSystem: 'CDFS', VolumeName: 'CD', Access: 1, Unpluggable: false },
    { DeviceID: 'E:', DriveType: 2, FileSystem: 'FAT32', VolumeName: 'Stick', Access: 0, Unpluggable: true },
    { DeviceID: 'F:', DriveType: 3, FileSystem: 'exFAT', VolumeName: null, Access: null, Unpluggable: true },
    { DeviceID: 'X:', DriveType: 4, FileSystem: 'NTFS', VolumeName: 'share', Access: 0, Unpluggable: false },
    { DeviceID: "C:'; calc", DriveType: 2 },
  ];
  const drives = parseWindowsDrives(JSON.stringify(told));
  assert.deepEqual(
    drives.map((drive) => [drive.mount, drive.fileSystem, drive.name, drive.removable, drive.network]),
    [
      ['C:\\', 'NTFS', 'Windows', false, false],
      ['E:\\', 'FAT32', 'Stick', true, false],
      ['F:\\', 'exFAT', '', true, false],
      ['X:\\', 'NTFS', 'share', false, true],
    ],
  );
  // One drive alone comes without brackets; an answer that is none gives none.
  assert.equal(parseWindowsDrives(JSON.stringify(told[0])).length, 1);
  assert.deepEqual(
    [parseWindowsDrives(''), parseWindowsDrives('null'), parseWindowsDrives('{')],
    [[], [], []],
  );
});

test('macOS: sticks and shares, none of the system volumes', () => {
  const mounts = parseMacMounts(
    [
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      'devfs on /dev (devfs, local, nobrowse)',
      '/dev/disk3s6 on /System/Volumes/VM (apfs, local, noexec, journaled, nobrowse)',
      '/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)',
      '/dev/disk4s1 on /Volumes/STICK (2) (msdos, local, nodev, nosuid, noowners)',
      '//ute@server/qs on /Volumes/qs (smbfs, nodev, nosuid, mounted by ute)',
    ].join('\n'),
  ).filter(isMacDrive);
  const drives = mounts.map((mount) =>
    macDrive(
      mount,
      mount.type === 'msdos' ? { VolumeName: 'STICK', RemovableMediaOrExternalDevice: true } : null,
    ),
  );
  assert.deepEqual(
    drives.map((drive) => [drive.mount, drive.name, drive.fileSystem, drive.removable, drive.network]),
    [
      ['/System/Volumes/Data', 'Data', 'apfs', false, false],
      ['/Volumes/STICK (2)', 'STICK', 'msdos', true, false],
      ['/Volumes/qs', 'qs', 'smbfs', false, true],
    ],
  );
});

test('a path lies on the longest mount that holds it', () => {
  const drives = ['/', '/media/a', '/media/a b'].map((mount) => ({ mount }));
  assert.equal(mountOf('/media/a b/set', drives)?.mount, '/media/a b');
  assert.equal(mountOf('/media/a', drives)?.mount, '/media/a');
  assert.equal(mountOf('/media/ab', drives)?.mount, '/');
  assert.equal(mountOf('/x', []), null);
});

test('here: the drive of the temporary folder has its space, and is not let go', async () => {
  const drives = await listDrives();
  for (const drive of drives) assert.ok(drive.totalBytes >= drive.freeBytes, JSON.stringify(drive));
  const own = mountOf(tmpdir(), await mountedDrives());
  if (own !== null && !own.removable) await assert.rejects(ejectDrive(own.mount), { code: 'usage' });
  assert.deepEqual(await ejectDrive('/no/such/drive'), { gone: true, reason: null });
});
