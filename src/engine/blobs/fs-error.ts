// Turns what the file system reports into words for the user.

import { AppError } from '../../core/base/errors.ts';

/** An AppError for conditions of the disk; errors that are not about the file system are returned unchanged. */
export function translateFsError(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof AppError || typeof code !== 'string') return error;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'no-space',
        'there is no space left on the disk',
        {
          file,
          hint: 'Free some space or choose another drive, then run the command again; nothing half-written was kept.',
        },
        error,
      );
    case 'EFBIG':
      return new AppError(
        'no-space',
        'the file is larger than this drive allows',
        { file, hint: 'Use a drive formatted with exFAT, NTFS or ext4 (FAT32 ends at 4 GB).' },
        error,
      );
    case 'EROFS':
      return new AppError(
        'read-only',
        'the drive is write-protected',
        { file, hint: 'Remove the write protection or choose another drive.' },
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'read-only',
        'access to this file or folder is denied',
        { file, hint: 'Check its permissions, or choose a folder of your own.' },
        error,
      );
    case 'ENOENT':
      return new AppError(
        'not-found',
        'there is no such file or folder',
        { file, hint: 'Check the path.' },
        error,
      );
    case 'ENOTDIR':
      return new AppError(
        'not-found',
        'a folder is expected here, but this is a file',
        { file, hint: 'Check the path.' },
        error,
      );
    case 'EISDIR':
      return new AppError(
        'not-found',
        'a file is expected here, but this is a folder',
        { file, hint: 'Check the path.' },
        error,
      );
    case 'EIO':
      return new AppError(
        'runtime',
        'the drive reported a read or write error',
        { file, hint: 'Check the drive and its cable; copy the data elsewhere if it happens again.' },
        error,
      );
    default:
      return error;
  }
}
