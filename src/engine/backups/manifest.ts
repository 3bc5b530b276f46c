// backup.json: what a backup holds, with every file's hash. Written last, so a backup without it is not one.

import * as z from 'zod';
import { AppError } from '../../core/base/errors.ts';
import { isBlobHash } from '../blobs/blob-reader.ts';

export const MANIFEST_NAME = 'backup.json';
export const DATABASE_PATH = 'flawsmith.db';
/** A manifest is read into memory; a million files need about a third of this. */
export const MOST_MANIFEST_BYTES = 512 * 1024 * 1024;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  format: z.literal('flawsmith-backup-1'),
  engineVersion: z.string(),
  schema: z.int(),
  /** Milliseconds since 1970. */
  createdAt: z.int(),
  /** End of the audit log: proves later that none of it was taken away. */
  audit: z.strictObject({ entries: z.int().min(0), hash }),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256: hash })),
});
export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackedUpFile = BackupManifest['files'][number];

/** Where a blob lies in a backup: as in the workspace. */
export function blobPath(blob: string): string {
  return `blobs/${blob.slice(0, 2)}/${blob.slice(2, 4)}/${blob}`;
}

/** Checks the text of a manifest, every path in it too. Throws `corrupt`. */
export function parseManifest(text: string, file: string): BackupManifest {
  const parsed = manifestSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw refused(`${MANIFEST_NAME} is not that of a backup`, file);
  const seen = new Set<string>();
  for (const { path, sha256 } of parsed.data.files) {
    if (!isBackupPath(path, sha256))
      throw refused(`${MANIFEST_NAME} names "${path}", which no backup holds`, file);
    if (seen.has(path)) throw refused(`${MANIFEST_NAME} names "${path}" twice`, file);
    seen.add(path);
  }
  if (!seen.has(DATABASE_PATH)) throw refused(`${MANIFEST_NAME} names no ${DATABASE_PATH}`, file);
  return parsed.data;
}

/** Only the database, blobs under their own hash, and files of packs; nothing leads out of the folder. */
function isBackupPath(path: string, sha256: string): boolean {
  if (path === DATABASE_PATH) return true;
  if (path.startsWith('blobs/')) return isBlobHash(sha256) && path === blobPath(sha256);
  const [first, ...parts] = path.split('/');
  const safe = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\p{Cc}]/u.test(part),
  );
  return first === 'packs' && parts.length > 0 && safe;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function refused(message: string, file: string): AppError {
  return new AppError('corrupt', message, {
    file,
    hint: 'Use another backup; this one is damaged or was changed.',
  });
}
