// The demo's two defect types, drawn at native size: long bright scratches and dark brown stains.

import type { Rng } from '../../base/rng.ts';
import { DEMO_SIDE, type DemoScene } from './knurled-ring.ts';
import { valueNoise } from './value-noise.ts';

/** A pixel is labelled when at least this much of it is covered. */
const LABEL_ALPHA = 0.3;

export type DemoFlaw = 'scratch' | 'stain';

/** In place: alpha = max(alpha, capsule from a to b of the given half width, edge of 1 px). */
function drawCapsule(
  alpha: Float32Array,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  half: number,
): void {
  const reach = half + 1;
  const x1 = Math.min(DEMO_SIDE - 1, Math.ceil(Math.max(ax, bx) + reach));
  const y1 = Math.min(DEMO_SIDE - 1, Math.ceil(Math.max(ay, by) + reach));
  const square = (bx - ax) ** 2 + (by - ay) ** 2 + 1e-9;
  for (let y = Math.max(0, Math.floor(Math.min(ay, by) - reach)); y <= y1; y++) {
    for (let x = Math.max(0, Math.floor(Math.min(ax, bx) - reach)); x <= x1; x++) {
      const t = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square));
      const distance = Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
      const a = Math.min(1, Math.max(0, half - distance + 0.5));
      const i = y * DEMO_SIDE + x;
      if (a > alpha[i]) alpha[i] = a;
    }
  }
}

/** One or two slightly bent scratches, each 110 to 260 px long, that begin on the metal. */
function scratchAlpha(rng: Rng, scene: DemoScene): Float32Array {
  const alpha = new Float32Array(DEMO_SIDE * DEMO_SIDE);
  const place = rng.uniformIn(0, 2 * Math.PI);
  const heading = place + Math.PI / 2 + rng.uniformIn(-0.8, 0.8);
  for (let n = rng.chance(0.35) ? 2 : 1; n > 0; n--) {
    const steps = 24;
    const step = rng.uniformIn(110, 260) / steps;
    const width = rng.uniformIn(1.8, 4);
    let towards = heading + 0.08 * rng.normal();
    const bend = rng.uniformIn(-0.012, 0.012);
    const radius = scene.middle + rng.uniformIn(-30, 30);
    let x = scene.cx + radius * Math.cos(place) - (steps / 2) * step * Math.cos(towards);
    let y = scene.cy + radius * Math.sin(place) - (steps / 2) * step * Math.sin(towards);
    for (let k = 0; k < steps; k++) {
      towards += bend + 0.02 * rng.normal();
      const nx = x + step * Math.cos(towards);
      const ny = y + step * Math.sin(towards);
      const half = (width / 2) * (0.45 + 0.55 * Math.sin((Math.PI * (k + 0.5)) / steps));
      drawCapsule(alpha, x, y, nx, ny, half);
      x = nx;
      y = ny;
    }
  }
  return alpha;
}

/** One to three drops run together about a place on the metal, with a wandering outline. */
function stainAlpha(rng: Rng, scene: DemoScene): Float32Array {
  const alpha = new Float32Array(DEMO_SIDE * DEMO_SIDE);
  const coarse = valueNoise(rng, DEMO_SIDE, 17);
  const fine = valueNoise(rng, DEMO_SIDE, 7);
  const place = rng.uniformIn(0, 2 * Math.PI);
  for (let n = 1 + rng.int(3); n > 0; n--) {
    const radius = rng.uniformIn(11, 30);
    const cx = scene.cx + scene.middle * Math.cos(place) + 14 * rng.normal();
    const cy = scene.cy + scene.middle * Math.sin(place) + 14 * rng.normal();
    const reach = Math.ceil(1.7 * radius);
    for (let y = Math.max(0, Math.floor(cy - reach)); y <= Math.min(DEMO_SIDE - 1, cy + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx - reach)); x <= Math.min(DEMO_SIDE - 1, cx + reach); x++) {
        const border = radius * (1 + 0.3 * coarse(x, y) + 0.14 * fine(x, y));
        const a = Math.min(1, Math.max(0, (border - Math.hypot(x - cx, y - cy)) / 2 + 0.5));
        const i = y * DEMO_SIDE + x;
        if (a > alpha[i]) alpha[i] = a;
      }
    }
  }
  return alpha;
}

/** Bright bare metal; the diamonds under it are worn down to less than half. */
function paintScratch(light: Float32Array, i: number, a: number, shine: number): void {
  for (let c = 0; c < 3; c++) {
    const bare = shine + 0.45 * (light[3 * i + c] - 0.5);
    light[3 * i + c] += a * (bare - light[3 * i + c]);
  }
}

/** Tannin brown over the relief, which shows through. */
const BROWN = [0.36, 0.2, 0.09] as const;

function paintStain(light: Float32Array, i: number, a: number, density: number): void {
  for (let c = 0; c < 3; c++) light[3 * i + c] *= 1 - a * density * (1 - BROWN[c]);
}

/** Changes `scene.light` in place and returns the label [512,512], 0 or 1: what of the flaw lies on metal. */
export function drawFlaw(rng: Rng, scene: DemoScene, flaw: DemoFlaw): Uint8Array {
  const alpha = flaw === 'scratch' ? scratchAlpha(rng, scene) : stainAlpha(rng, scene);
  const shine = rng.uniformIn(0.8, 0.93);
  const density = rng.uniformIn(0.82, 0.98);
  const uneven = valueNoise(rng, DEMO_SIDE, 12);
  const mask = new Uint8Array(DEMO_SIDE * DEMO_SIDE);
  for (let i = 0; i < alpha.length; i++) {
    const a = alpha[i] * scene.metal[i];
    if (a === 0) continue;
    const local = uneven(i % DEMO_SIDE, Math.floor(i / DEMO_SIDE));
    if (flaw === 'scratch') paintScratch(scene.light, i, a, shine + 0.04 * local);
    else paintStain(scene.light, i, a, density * (0.94 + 0.06 * local));
    if (a > LABEL_ALPHA) mask[i] = 1;
  }
  return mask;
}
