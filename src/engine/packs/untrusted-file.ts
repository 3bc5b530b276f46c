// Refuses what only looks like a file of weights, before anything of it is parsed.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { AppError } from '../../core/base/errors.ts';
import { FILE_KIND_BYTES, type FileKind, fileKind } from '../../core/formats/file-kind.ts';

const REFUSALS: Readonly<Partial<Record<FileKind, readonly [reason: string, hint: string]>>> = {
  pickle: [
    'this is a pickled file, which is not read',
    'A pickle can run any program. Get the model as .safetensors.',
  ],
  'zip-pickle': [
    'this is a pickled checkpoint (torch.save), which is not read',
    'A pickle can run any program. Get the model as .safetensors.',
  ],
  gguf: ['this is a GGUF file, which is not read', 'Get the model as .safetensors in fp16 or fp32.'],
  'lfs-pointer': [
    'this is a pointer left by Git LFS, not the file itself',
    'Run "git lfs pull" where it was cloned, or download the file itself.',
  ],
  html: ['this is a web page, not a file of weights', 'Download the file itself.'],
};

/** The first bytes of a file. Throws not-found where it is none. */
export function firstBytes(path: string): Uint8Array {
  let fd: number;
  try {
    if (!statSync(path).isFile()) throw new Error('not a file');
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new AppError('not-found', 'the file cannot be opened', { file: path }, cause);
  }
  try {
    const bytes = new Uint8Array(FILE_KIND_BYTES);
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Throws unsupported, with the reason and what to do, unless the file may be safetensors. */
export function refuseForeignFile(path: string): void {
  const refusal = REFUSALS[fileKind(firstBytes(path))];
  if (refusal) throw new AppError('unsupported', refusal[0], { file: path, hint: refusal[1] });
}
