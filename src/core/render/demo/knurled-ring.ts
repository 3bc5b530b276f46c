// The demo's product: a knurled aluminium clamping ring with bolt holes on a matt conveyor, as linear light 0..1.

import type { Rng } from '../../base/rng.ts';
import { valueNoise } from './value-noise.ts';

/** Name of the product family; no word of the pack stands for it. */
export const DEMO_FAMILY = 'knurled-ring';
/** Side of a demo picture in pixels. */
export const DEMO_SIDE = 512;

const OUTER = 196;
const INNER = 80;
/** Width of the smooth lands inside and outside the knurl. */
const LAND = 15;
const BOLTS = 6;
const BOLT_RADIUS = 12;
/** Diamonds around the ring and their radial pitch in pixels: about square at the middle radius. */
const DIAMONDS = 88;
const PITCH = 9.8;

export interface DemoScene {
  /** [512,512,3], interleaved, about 0..1. */
  readonly light: Float32Array;
  /** How much of each pixel is metal, [512,512], 0..1. */
  readonly metal: Float32Array;
  /** Centre of the ring, pixels. */
  readonly cx: number;
  readonly cy: number;
  /** Radius halfway between bore and rim, pixels. */
  readonly middle: number;
}

function step(edge: number, x: number): number {
  const t = x - edge + 0.5;
  return t < 0 ? 0 : t > 1 ? 1 : t;
}

/** Triangle wave of period 1, 0..1. */
function triangle(t: number): number {
  return Math.abs(2 * (t - Math.floor(t)) - 1);
}

interface Pose {
  cx: number;
  cy: number;
  turn: number;
  scale: number;
}

/** Height of the metal in pixels and its coverage at one place. */
function profile(pose: Pose, x: number, y: number): { height: number; metal: number } {
  const dx = (x - pose.cx) / pose.scale;
  const dy = (y - pose.cy) / pose.scale;
  const r = Math.sqrt(dx * dx + dy * dy);
  const turn = (Math.atan2(dy, dx) + pose.turn) / (2 * Math.PI);
  const sector = (turn * BOLTS - Math.round(turn * BOLTS)) * ((2 * Math.PI) / BOLTS);
  const middle = (OUTER + INNER) / 2;
  const along = r * Math.cos(sector) - middle;
  const aside = r * Math.sin(sector);
  const bolt = Math.sqrt(along * along + aside * aside);
  const inside = Math.min(OUTER - r, r - INNER, bolt - BOLT_RADIUS);
  const metal = step(0, inside);
  if (metal === 0) return { height: 0, metal };
  // A chamfer of 4 px at every edge, a flat land, then the knurl rises out of it.
  const chamfer = 2.2 * Math.min(1, Math.max(0, inside) / 4);
  const land = Math.min(OUTER - r, r - INNER, bolt - BOLT_RADIUS + LAND - 6) - LAND;
  const rise = Math.min(1, Math.max(0, land / 2));
  const a = DIAMONDS * turn + r / PITCH;
  const b = DIAMONDS * turn - r / PITCH;
  return { height: chamfer + rise * 2.1 * Math.min(triangle(a), triangle(b)), metal };
}

function drawPose(rng: Rng): Pose {
  const middle = (DEMO_SIDE - 1) / 2;
  return {
    cx: middle + rng.uniformIn(-18, 18),
    cy: middle + rng.uniformIn(-18, 18),
    turn: rng.uniformIn(0, 2 * Math.PI),
    scale: rng.uniformIn(0.97, 1.03),
  };
}

/** Every seed is another piece: place, turn, alloy, light, wear of the coating. */
export function drawKnurledRing(rng: Rng): DemoScene {
  const side = DEMO_SIDE;
  const pose = drawPose(rng);
  const heights = new Float32Array(side * side);
  const metal = new Float32Array(side * side);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const here = profile(pose, x, y);
      heights[i] = here.height;
      metal[i] = here.metal;
    }
  }
  const lamp = -2.2 + rng.uniformIn(-0.3, 0.3);
  const level = rng.uniformIn(0.46, 0.54);
  const warmth = rng.uniformIn(-0.012, 0.012);
  const belt = rng.uniformIn(0.2, 0.26);
  const clouds = valueNoise(rng, side, 90);
  const beltGrain = valueNoise(rng, side, 5);
  const light = new Float32Array(3 * side * side);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const left = heights[x > 0 ? i - 1 : i];
      const right = heights[x < side - 1 ? i + 1 : i];
      const above = heights[y > 0 ? i - side : i];
      const below = heights[y < side - 1 ? i + side : i];
      const slope = ((right - left) * Math.cos(lamp) + (below - above) * Math.sin(lamp)) / 2;
      const cloud = clouds(x, y);
      const alloy = level * (1 + 0.04 * cloud) - 0.3 * slope;
      // The ring's shadow on the belt lies on the side away from the lamp.
      const shadow = metal[i] === 1 ? 0 : shadowAt(metal, x + 7 * Math.cos(lamp), y + 7 * Math.sin(lamp));
      const ground = (belt + 0.012 * beltGrain(x, y) + 0.01 * cloud) * (1 - 0.45 * shadow);
      const m = metal[i];
      light[3 * i] = m * (alloy + warmth) + (1 - m) * 0.9 * ground;
      light[3 * i + 1] = m * (alloy + 0.008) + (1 - m) * ground;
      light[3 * i + 2] = m * (alloy + 0.022 - warmth) + (1 - m) * 1.12 * ground;
    }
  }
  return { light, metal, cx: pose.cx, cy: pose.cy, middle: (pose.scale * (OUTER + INNER)) / 2 };
}

/** Mean of the metal's coverage on a coarse cross about a place: a cheap soft shadow. */
function shadowAt(metal: Float32Array, x: number, y: number): number {
  let sum = 0;
  for (let k = -2; k <= 2; k++) {
    sum += coverage(metal, x + 2 * k, y) + coverage(metal, x, y + 2 * k);
  }
  return sum / 10;
}

function coverage(metal: Float32Array, x: number, y: number): number {
  const px = Math.round(x);
  const py = Math.round(y);
  return px < 0 || py < 0 || px >= DEMO_SIDE || py >= DEMO_SIDE ? 0 : metal[py * DEMO_SIDE + px];
}
