// Drawn-out shapes: scratch, crack, gap, fibre and strokes.

import { blob } from '../tools/blob.ts';
import { type Field, PIXELS } from '../tools/field.ts';
import { drawLine, line, type Point, tapered, walk } from '../tools/line.ts';
import { roughened, type Shape, unite } from './shape.ts';

/** Where a straight walk of `length` pixels must start for its middle to be at the centre. */
function startOf(cx: number, cy: number, heading: number, length: number): Point {
  return { x: cx - (Math.cos(heading) * length) / 2, y: cy - (Math.sin(heading) * length) / 2 };
}

export const scratch: Shape = (rng, cx, cy) => {
  const heading = rng.uniformIn(0, 2 * Math.PI);
  const count = rng.chance(0.6) ? 1 : 2 + rng.int(3);
  const all: Field = new Float32Array(PIXELS);
  for (let n = 0; n < count; n++) {
    const aside = n === 0 ? 0 : 9 * rng.normal();
    const towards = heading + (n === 0 ? 0 : 0.1 * rng.normal());
    const length = rng.logUniform(25, 130);
    const from = startOf(cx - aside * Math.sin(heading), cy + aside * Math.cos(heading), towards, length);
    const path = walk(rng, from, towards, 10, length / 10, 0.04, rng.uniformIn(-0.04, 0.04));
    drawLine(all, path.points, tapered(rng.logUniform(0.9, 3.5), path.points.length));
  }
  return all;
};

export const crack: Shape = (rng, cx, cy) => {
  const heading = rng.uniformIn(0, 2 * Math.PI);
  const steps = 7 + rng.int(9);
  const step = rng.logUniform(4, 10);
  const jag = rng.uniformIn(0.15, 0.42);
  const width = rng.logUniform(1, 6);
  const trunk = walk(rng, startOf(cx, cy, heading, steps * step), heading, steps, step, jag, 0);
  const widths = tapered(width, steps + 1).map((w) => w * rng.uniformIn(0.5, 1.3));
  const all = line(trunk.points, widths);
  for (let n = rng.int(4); n > 0; n--) {
    const at = 1 + rng.int(steps - 1);
    const turn = rng.uniformIn(0.4, 1.3) * (rng.chance(0.5) ? 1 : -1);
    const length = 3 + rng.int(4);
    const branch = walk(rng, trunk.points[at], trunk.headings[at] + turn, length, step, jag, 0);
    const first = Math.max(0.5, 0.7 * widths[at]);
    drawLine(
      all,
      branch.points,
      branch.points.map((_, i) => first + ((0.5 - first) * i) / length),
    );
  }
  return all;
};

export const gap: Shape = (rng, cx, cy) => {
  const heading = rng.uniformIn(0, 2 * Math.PI);
  const length = rng.logUniform(30, 90);
  const path = walk(rng, startOf(cx, cy, heading, length), heading, 9, length / 9, 0.15, 0);
  const wide = rng.logUniform(5, 24);
  const narrow = wide * rng.uniformIn(0, 0.6);
  const widths = path.points.map((_, i) => wide + ((narrow - wide) * i) / 9);
  return roughened(rng, line(path.points, widths));
};

export const fibre: Shape = (rng, cx, cy) => {
  const heading = rng.uniformIn(0, 2 * Math.PI);
  const step = rng.logUniform(2, 7);
  const curl = rng.uniformIn(-0.25, 0.25);
  const width = rng.logUniform(1, 3.2);
  const ahead = walk(rng, { x: cx, y: cy }, heading, 16, step, 0.1, curl);
  // Walking backwards along the same bend turns the other way.
  const behind = walk(rng, { x: cx, y: cy }, heading + Math.PI, 8, step, 0.1, -curl);
  const all = line(
    ahead.points,
    ahead.points.map(() => width),
  );
  return drawLine(
    all,
    behind.points,
    behind.points.map(() => width),
  );
};

export const strokes: Shape = (rng, cx, cy) => {
  const all: Field = new Float32Array(PIXELS);
  for (let n = 2 + rng.int(3); n > 0; n--) {
    const x = cx + 16 * rng.normal();
    const y = cy + 16 * rng.normal();
    const angle = rng.uniformIn(0, 2 * Math.PI);
    if (rng.chance(0.5)) {
      const radius = rng.logUniform(3, 13);
      unite(all, blob(rng, { cx: x, cy: y, radius, aspect: rng.logUniform(1, 3), angle, rough: 0.2 }));
      continue;
    }
    const path = walk(rng, { x, y }, angle, 8, rng.uniformIn(2, 6), 0.2, rng.uniformIn(-0.1, 0.1));
    const width = rng.logUniform(3, 11);
    drawLine(
      all,
      path.points,
      path.points.map(() => width),
    );
  }
  return roughened(rng, all);
};
