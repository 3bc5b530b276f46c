// The models a workspace knows of that lie elsewhere: one small file each in its packs/ folder, nothing is copied.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { AppError } from '../../core/base/errors.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';

const ENDING = '.pack.json';

const registration = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  path: z.string(),
  with: z.string().nullable(),
  variant: z.string().nullable(),
  kind: z.enum(['text-to-image', 'inpainting']),
  /** SHA-256 over the contents of all files. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  workingSize: z.int().min(1),
  licence: z.string(),
  files: z.array(
    z.strictObject({ path: z.string(), bytes: z.number(), mtimeMs: z.number(), sha256: z.string() }),
  ),
});

/** A model that was added: where it lies, how it is read, and what its files were. */
export type Registration = z.infer<typeof registration>;

/** Names a pack can be added under: they are file names on every system. */
export const PACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** A name made of a file or folder name. */
export function packName(base: string): string {
  const plain = base.replace(/\.safetensors$/i, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  return plain.replace(/^[^A-Za-z0-9]+/, '').slice(0, 80) || 'pack';
}

const fileOf = (folder: string, name: string): string => join(folder, name + ENDING);

export function listRegistrations(folder: string | null): string[] {
  if (folder === null || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING) && PACK_NAME.test(name))
    .map((name) => name.slice(0, -ENDING.length))
    .sort(compareCodePoints);
}

/** Reads a registration; null where there is none of that name. Throws corrupt where its file is damaged. */
export function readRegistration(folder: string | null, name: string): Registration | null {
  if (folder === null || !PACK_NAME.test(name) || !existsSync(fileOf(folder, name))) return null;
  const file = fileOf(folder, name);
  try {
    return registration.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new AppError(
      'corrupt',
      'the note about this pack is damaged',
      { file, hint: `Remove it with "flawsmith packs remove ${name}" and add the pack again.` },
      cause,
    );
  }
}

export async function writeRegistration(folder: string, entry: Registration): Promise<void> {
  await makeFolder(folder);
  await atomicWrite(fileOf(folder, entry.name), `${JSON.stringify(entry, null, 1)}\n`);
}

/** Forgets a pack; its files stay where they are. Returns whether there was one. */
export function removeRegistration(folder: string, name: string): boolean {
  if (!PACK_NAME.test(name) || !existsSync(fileOf(folder, name))) return false;
  rmSync(fileOf(folder, name));
  return true;
}
