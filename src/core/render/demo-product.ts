// Pictures of the sample product of `npm run demo`: good pieces and pieces with two kinds of defect.

import { namedRng, type Rng } from '../base/rng.ts';
import type { Mask, Raster } from '../image/raster.ts';
import { drawFlaw } from './demo/flaws.ts';
import { DEMO_FAMILY, DEMO_SIDE, drawKnurledRing } from './demo/knurled-ring.ts';

export { DEMO_FAMILY, DEMO_SIDE };

export const DEMO_KINDS = ['good', 'scratch', 'stain'] as const;
export type DemoKind = (typeof DEMO_KINDS)[number];

export interface DemoPicture {
  /** 512x512, RGB, 8 bit. */
  raster: Raster;
  /** Exact label of the defect; null for a good piece. */
  mask: Mask | null;
}

/** Exposure, a slight fall of the light across the picture, and sensor noise. */
function photograph(rng: Rng, light: Float32Array): Uint8Array {
  const exposure = rng.uniformIn(0.93, 1.07);
  const perX = rng.uniformIn(-0.06, 0.06);
  const perY = rng.uniformIn(-0.06, 0.06);
  const noise = rng.fillNormal(new Float32Array(light.length));
  const data = new Uint8Array(light.length);
  for (let i = 0; i < light.length; i++) {
    const pixel = Math.floor(i / 3);
    const x = (pixel % DEMO_SIDE) / DEMO_SIDE - 0.5;
    const y = Math.floor(pixel / DEMO_SIDE) / DEMO_SIDE - 0.5;
    const value = light[i] * exposure * (1 + perX * x + perY * y) + 0.008 * noise[i];
    data[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
  return data;
}

/**
 * Piece number `seed`. The three kinds of one seed show the same piece in the same light with the same noise, so
 * they differ only where the defect is. The product's look is in none of the pack's surfaces: the pack meets it
 * for the first time, as it meets a user's product.
 */
export function renderDemoPicture(seed: number, kind: DemoKind): DemoPicture {
  const scene = drawKnurledRing(namedRng(seed, 'demo/piece'));
  const size = { width: DEMO_SIDE, height: DEMO_SIDE };
  const mask =
    kind === 'good' ? null : { ...size, data: drawFlaw(namedRng(seed, `demo/${kind}`), scene, kind) };
  const data = photograph(namedRng(seed, 'demo/camera'), scene.light);
  return { raster: { ...size, channels: 3, data }, mask };
}
