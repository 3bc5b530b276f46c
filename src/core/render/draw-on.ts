// The same defects on a given good window: procedural baseline and companion data for few-shot training.

import { invariant } from '../base/errors.ts';
import type { Rng } from '../base/rng.ts';
import { drawDefect, type WantedWords } from './defect.ts';
import { type Field, mixPicture, PIXELS, SIDE } from './tools/field.ts';
import type { DefectWords } from './words.ts';

/** Pixels farther than this from the mask keep the window's bytes. */
const RIM = 3;

export interface DrawnDefect {
  /** [3,128,128], 0..1. */
  image: Float32Array;
  /** [128,128], 0 or 1. */
  mask: Uint8Array;
  words: DefectWords;
}

/** 1 on the mask, falling to 0 over the rim. */
function feather(mask: Uint8Array): Field {
  const weight = new Float32Array(PIXELS);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (mask[y * SIDE + x] === 0) continue;
      for (let dy = -RIM; dy <= RIM; dy++) {
        for (let dx = -RIM; dx <= RIM; dx++) {
          const px = x + dx;
          const py = y + dy;
          if (px < 0 || py < 0 || px >= SIDE || py >= SIDE) continue;
          const near = 1 - Math.sqrt(dx * dx + dy * dy) / (RIM + 1);
          const i = py * SIDE + px;
          if (near > weight[i] && dx * dx + dy * dy <= RIM * RIM) weight[i] = near;
        }
      }
    }
  }
  return weight;
}

/**
 * Draws one defect on a window [3,128,128] (0..1) without any camera step. Where `foreground` [128,128] is given,
 * the defect stays on its set pixels. Pixels more than 3 px away from the mask are bit-identical to the window.
 * `wanted` fixes words; the others are drawn.
 */
export function drawDefectOn(
  window: Float32Array,
  rng: Rng,
  foreground?: Uint8Array,
  wanted: WantedWords = {},
): DrawnDefect {
  invariant(window.length === 3 * PIXELS, `window has ${window.length} values, not 3x128x128`);
  invariant(foreground === undefined || foreground.length === PIXELS, 'foreground is not 128x128');
  const silhouette = foreground === undefined ? null : Float32Array.from(foreground, (v) => (v > 0 ? 1 : 0));
  const light = rng.uniformIn(0, 2 * Math.PI);
  const { picture, mask, words } = drawDefect(
    rng,
    { picture: window, silhouette, ground: null, light },
    wanted,
  );
  return { image: mixPicture(window.slice(), feather(mask), picture), mask, words };
}
