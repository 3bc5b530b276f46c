// Batches of the autoencoder: 64 px crops of rendered windows, flipped, with the colour channels shuffled.

import type { Rng } from '../../base/rng.ts';

export interface CropPlan {
  readonly index: number;
  readonly defect: boolean;
  readonly x: number;
  readonly y: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
  readonly channels: readonly number[];
}

/** Which crop of which window; `side` is the window's, `crop` the crop's side in pixels. */
export function planCrop(rng: Rng, poolSize: number, side: number, crop: number): CropPlan {
  return {
    index: rng.int(poolSize),
    defect: rng.chance(0.5),
    x: rng.int(side - crop + 1),
    y: rng.int(side - crop + 1),
    flipX: rng.chance(0.5),
    flipY: rng.chance(0.5),
    channels: rng.permutation(3),
  };
}

/** Writes the crop of `picture` [3,side,side] 0..255 to `out` [3,crop,crop] in [-1,1]. */
export function writeCrop(
  picture: Uint8Array,
  plan: CropPlan,
  side: number,
  crop: number,
  out: Float32Array,
): void {
  for (let c = 0; c < 3; c++) {
    const from = plan.channels[c] * side * side;
    for (let i = 0; i < crop; i++) {
      const row = from + (plan.y + (plan.flipY ? crop - 1 - i : i)) * side + plan.x;
      const to = (c * crop + i) * crop;
      for (let j = 0; j < crop; j++) out[to + j] = picture[row + (plan.flipX ? crop - 1 - j : j)] / 127.5 - 1;
    }
  }
}
