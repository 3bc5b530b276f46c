// Reconstruction of real windows by a pack's autoencoder, in dB: data the pack never saw.

import { namedRng } from '../../../core/base/rng.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { packDecode, packEncode } from '../../../core/nets/pack-autoencoder.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { WINDOW } from '../../../core/recipes/pack/condition.ts';
import { drawWindow, windowPool } from '../../../core/recipes/windows/window-pair.ts';
import { chooseWorkingScale } from '../../../core/recipes/windows/working-scale.ts';
import { decodeShot, foregroundOf, type LabelledPicture } from '../../datasets/material.ts';
import type { PackWeights } from '../../packs/pack.ts';
import { compile } from '../../runtime/executable.ts';

const BATCH = 8;

export interface Reconstruction {
  readonly windows: number;
  /** Mean over windows of the PSNR of the whole window, dB (peak 1). */
  readonly psnr: number;
  /** The same over the pixels of the defect masks. */
  readonly psnrInMask: number;
}

const decibel = (squared: number, n: number) => -10 * Math.log10(Math.max(1e-12, squared / n));

/** Windows of the given defect pictures at the product's working scale, through encoder and decoder. */
export async function measureReconstruction(
  weights: Pick<PackWeights, 'autoencoder'>,
  pictures: readonly LabelledPicture[],
  windows: number,
): Promise<Reconstruction> {
  const shots = [];
  for (const p of pictures) shots.push(await decodeShot(p));
  const shotForegrounds = shots.map((s) => foregroundOf(s.raster, 'surface'));
  const mixture = { real: 1, pasted: 0, repair: 0, drawn: 0 };
  const pool = windowPool({
    shots,
    goods: [],
    scale: chooseWorkingScale(shots, WINDOW),
    shotForegrounds,
    mixture,
  });
  const s = new Scope(new Builder());
  const { mean } = packEncode(s, s.b.input('image', [BATCH, 3, WINDOW, WINDOW]));
  const decoded = packDecode(s, mean).image;
  const executable = await compile({ outputs: { decoded } }, { threads: 1 });
  const size = 3 * WINDOW * WINDOW;
  let [total, totalMask, masked] = [0, 0, 0];
  for (let at = 0; at < windows; at += BATCH) {
    const drawn = Array.from({ length: BATCH }, (_, k) =>
      drawWindow(pool, namedRng(0, `reconstruction ${at + k}`)),
    );
    const image = new Float32Array(BATCH * size);
    drawn.forEach((d, k) => {
      image.set(
        d.image.data.map((v) => 2 * v - 1),
        k * size,
      );
    });
    const result = await executable.run({ ...weights.autoencoder, image });
    drawn.forEach((d, k) => {
      let [all, inside, pixels] = [0, 0, 0];
      for (let i = 0; i < size; i++) {
        const e = (Math.min(1, Math.max(-1, result.decoded[k * size + i])) - image[k * size + i]) / 2;
        all += e * e;
        if (d.mask.data[i % (WINDOW * WINDOW)]) {
          inside += e * e;
          pixels++;
        }
      }
      total += decibel(all, size);
      if (pixels > 0) {
        totalMask += decibel(inside, pixels);
        masked++;
      }
    });
  }
  await executable.release();
  return { windows, psnr: total / windows, psnrInMask: totalMask / Math.max(1, masked) };
}
