// What the files of an export will take, roughly; pictures are copies.

import { stat } from 'node:fs/promises';
import type { ExportJob } from './export-job.ts';

/** Room for manifest, card, annotations and block sizes, per picture. */
export const OVERHEAD_BYTES = 16 * 1024;
/** A mask is written as a picture, and again in the annotation file or as class and object pictures. */
const MASK_COPIES = 4;

export async function bytesNeeded(job: Pick<ExportJob, 'generated' | 'real'>): Promise<number> {
  let total = 0;
  for (const item of job.generated)
    total += (await sizeOf(item.imagePng)) + MASK_COPIES * (await sizeOf(item.maskPng)) + OVERHEAD_BYTES;
  for (const item of job.real)
    total += (await sizeOf(item.absPath)) + MASK_COPIES * (await sizeOf(item.maskAbsPath)) + OVERHEAD_BYTES;
  return total;
}

/** 0 for what is not there: writing will say so. */
export async function sizeOf(input: Uint8Array | string | null): Promise<number> {
  if (input === null) return 0;
  if (typeof input !== 'string') return input.length;
  return stat(input).then(
    ({ size }) => size,
    () => 0,
  );
}
