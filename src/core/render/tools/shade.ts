// Directional light on a height map: what makes a grey field read as relief.

import { type Field, PIXELS, SIDE } from './field.ts';

/**
 * gain * (dh/dx cos L + dh/dy sin L), derivatives per pixel by central differences (one-sided at the border).
 * `light` L is the direction in the window in radians.
 */
export function shade(height: Field, light: number, gain = 1): Field {
  const kx = gain * Math.cos(light);
  const ky = gain * Math.sin(light);
  const out = new Float32Array(PIXELS);
  for (let y = 0; y < SIDE; y++) {
    const above = y === 0 ? 0 : y - 1;
    const below = y === SIDE - 1 ? y : y + 1;
    const perRow = ky / (below - above);
    for (let x = 0; x < SIDE; x++) {
      const left = x === 0 ? 0 : x - 1;
      const right = x === SIDE - 1 ? x : x + 1;
      const dx = (height[y * SIDE + right] - height[y * SIDE + left]) / (right - left);
      out[y * SIDE + x] = kx * dx + perRow * (height[below * SIDE + x] - height[above * SIDE + x]);
    }
  }
  return out;
}
