// Writes weights so that a file is complete or absent, and reads it back before it counts.

import { existsSync, readdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { safetensorsChunks, type TensorToWrite } from '../../core/formats/safetensors-write.ts';
import { atomicWrite, flushFolder, makeFolder, tempPathIn } from '../blobs/atomic-write.ts';
import { translateFsError } from '../blobs/fs-error.ts';

/** Throws usage where something is there already: nothing is overwritten. */
export function assertFree(path: string): void {
  if (!existsSync(path)) return;
  throw new AppError('usage', 'there is something at this place already', {
    file: path,
    hint: 'Choose another --out, or move it away.',
  });
}

/** Compares a file with what was to be written, piece by piece. */
async function assertWritten(file: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'r');
  try {
    for (const chunk of chunks) {
      const buffer = Buffer.alloc(chunk.length);
      const { bytesRead } = await handle.read(buffer, 0, chunk.length);
      if (bytesRead === chunk.length && buffer.equals(chunk)) continue;
      throw new AppError('verify-failed', 'the file reads back differently from what was written', {
        file,
        hint: 'The drive may be failing; write to another one.',
      });
    }
  } finally {
    await handle.close();
  }
}

/** Writes a safetensors file and compares it with what was meant. */
export async function writeTensorFile(
  file: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const chunks = () => safetensorsChunks(tensors, metadata);
  await atomicWrite(
    file,
    (async function* () {
      yield* chunks();
    })(),
  );
  await assertWritten(file, chunks());
}

/**
 * Makes a folder whose content appears all at once: `fill` writes into a folder beside it, which is then renamed.
 * Whatever goes wrong, nothing is left.
 */
export async function writeFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const wanted = resolve(target);
  if (existsSync(wanted) && readdirSync(wanted).length > 0) assertFree(wanted);
  await makeFolder(dirname(wanted));
  const temp = tempPathIn(dirname(wanted));
  try {
    await makeFolder(temp);
    await fill(temp);
    await rename(temp, wanted);
    await flushFolder(dirname(wanted));
  } catch (error) {
    await rm(temp, { recursive: true, force: true }).catch(() => {});
    throw translateFsError(error, wanted);
  }
}
