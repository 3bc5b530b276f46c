// The pictures of a product as a proof sees them, and which of them show nearly the same.

import { readFile } from 'node:fs/promises';
import { nearDuplicates } from '../../core/image/near-duplicates.ts';
import type { NearGroups } from '../../core/prove/leak-guard.ts';
import type { ProofPicture, ProofSplit } from '../../core/prove/split.ts';
import { encodeThumb } from '../imaging/thumb-vector.ts';
import type { LabelledImage } from '../store/images.ts';

export function toProofPicture(image: LabelledImage): ProofPicture {
  const { id, file, role, split, type, group } = image;
  return { id, file, sha256: image.blob, role, split, type, group, hasMask: image.maskBlob !== null };
}

/** Every picture of the split, once per content. */
function usedPictures(split: ProofSplit): ProofPicture[] {
  const all = [
    ...split.shots,
    ...split.validation.flatMap((v) => v.rows),
    ...split.trainingNormals,
    ...split.tests.flatMap((t) => t.rows),
  ];
  return [...new Map(all.map((picture) => [picture.sha256, picture])).values()];
}

export interface NearOptions {
  /** Where the picture's bytes lie. */
  pathOf(picture: ProofPicture): string;
  /** Looks that were made before, by content. */
  readonly looks: ReadonlyMap<string, Uint8Array>;
  readonly signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Groups of contents that show nearly the same, among the pictures a proof uses. */
export async function findNearGroups(split: ProofSplit, options: NearOptions): Promise<NearGroups> {
  const used = usedPictures(split);
  const looks = [];
  for (const [i, picture] of used.entries()) {
    options.signal.throwIfAborted();
    const known = options.looks.get(picture.sha256);
    looks.push({ key: picture.sha256, values: known ?? (await lookOf(options.pathOf(picture))) });
    options.onProgress?.(i + 1, used.length);
  }
  const work = nearDuplicates(looks);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    options.signal.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** [32*32] grey values 0..255. */
async function lookOf(path: string): Promise<Uint8Array> {
  return Uint8Array.from(await encodeThumb(await readFile(path)), (v) => Math.round(255 * v));
}
