// Turns, mirrors and exposure of a detector's training window: the same for every source of windows.

import type { Rng } from '../../base/rng.ts';
import { turnIndices } from '../windows/window-augment.ts';
import type { DetectorWindow } from './window.ts';

/** value * U(.9, 1.1) + normal(4/255), clamped to 0..1. */
const GAIN = [0.9, 1.1] as const;
const OFFSET_SIGMA = 4 / 255;

function turnedImage(
  image: Float32Array,
  from: Int32Array,
  exposure: { gain: number; offset: number },
): Float32Array {
  const area = from.length;
  const out = new Float32Array(image.length);
  for (let at = 0; at < image.length; at += area) {
    for (let i = 0; i < area; i++) {
      const value = image[at + from[i]] * exposure.gain + exposure.offset;
      out[at + i] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
  return out;
}

/** The window under a random quarter turn, mirror and exposure; `side` its side. */
export function augmented(window: DetectorWindow, side: number, rng: Rng): DetectorWindow {
  const from = turnIndices(side, rng.int(8));
  const exposure = { gain: rng.uniformIn(GAIN[0], GAIN[1]), offset: rng.normal() * OFFSET_SIGMA };
  const mask = Uint8Array.from(from, (i) => window.mask[i]);
  const image = turnedImage(window.image, from, exposure);
  const clean = window.clean && turnedImage(window.clean, from, exposure);
  return { ...window, image, mask, clean };
}
