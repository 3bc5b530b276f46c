// Run lengths: COCO's plain and compressed counts, and the brush streams of Label Studio.

import { encodeBrushRle } from '../../../src/core/formats/annotations/brush-rle-encode.ts';
import { brushRuns } from '../../../src/core/formats/annotations/label-studio-rle.ts';
import {
  compressCounts,
  decompressCounts,
  maskToCounts,
  rleToMask,
} from '../../../src/core/formats/coco-rle.ts';
import { SEED_HEIGHT, SEED_WIDTH, seedPictures } from '../labelled-seeds.ts';
import { damageBytes } from '../mutate-bytes.ts';
import { once, target } from '../target.ts';

type Input =
  | { readonly kind: 'counts'; readonly counts: readonly number[]; readonly size: readonly [number, number] }
  | { readonly kind: 'letters'; readonly counts: string; readonly size: readonly [number, number] }
  | { readonly kind: 'brush'; readonly bytes: readonly number[] };

const masks = once(() => seedPictures().flatMap((picture) => picture.masks.map(({ mask }) => mask)));
const ODD = [0, -1, 0.5, Number.NaN, 1e9, 2 ** 31, 2 ** 53];

export const rle = target<Input>({
  name: 'rle',
  firstStage: 'counts: whole numbers; letters: of the alphabet; brush: of the picture’s size',
  weight: 9,
  make(rng) {
    const mask = rng.pick(masks());
    const kind = rng.pick(['counts', 'letters', 'brush'] as const);
    const size = [SEED_HEIGHT, SEED_WIDTH] as [number, number];
    if (rng.chance(0.1)) size[rng.int(2)] = rng.pick([...ODD, 1, SEED_WIDTH]);
    if (kind === 'brush') {
      // The first four bytes hold the number of values; they are hit only sometimes.
      const bytes = damageBytes(Uint8Array.from(encodeBrushRle(mask)), rng, rng.chance(0.8) ? 4 : 0);
      return { kind, bytes: [...bytes] };
    }
    const counts = maskToCounts(mask);
    for (let n = 1 + rng.int(2); n > 0; n--) {
      const at = rng.int(counts.length);
      const step = 1 + rng.int(3);
      // One run longer and its neighbour shorter keeps the total.
      if (rng.chance(0.5) && at > 0)
        [counts[at], counts[at - 1]] = [counts[at] + step, counts[at - 1] - step];
      else if (rng.chance(0.5)) counts[at] = rng.pick(kind === 'letters' ? [0, 7, 100_000] : ODD);
      else counts.splice(at, 1, counts[at] + step);
    }
    if (kind === 'counts') return { kind, counts, size };
    const letters = Buffer.from(compressCounts(counts));
    const damaged = rng.chance(0.5) ? damageBytes(letters, rng) : letters;
    return { kind, counts: Buffer.from(damaged).toString('latin1'), size };
  },
  passes(input) {
    if (input.kind === 'counts') return input.counts.every((run) => Number.isInteger(run) && run >= 0);
    if (input.kind === 'letters') return decompressCounts(input.counts).length > 0;
    return Buffer.from(input.bytes).readUInt32BE(0) === SEED_WIDTH * SEED_HEIGHT * 4;
  },
  run(input) {
    if (input.kind === 'brush') brushRuns(input.bytes, SEED_WIDTH, SEED_HEIGHT);
    else rleToMask({ counts: input.counts, size: input.size }, { width: SEED_WIDTH, height: SEED_HEIGHT });
  },
});
