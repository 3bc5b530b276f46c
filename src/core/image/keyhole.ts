// Joins the holes of an outline to its outer ring, for formats that can say only one ring per object.

import { invariant } from '../base/errors.ts';
import type { Outline, Ring } from './contours.ts';

/** A corner of the joined ring; `next` goes around. */
interface Node {
  readonly x: number;
  readonly y: number;
  next: Node;
}

/**
 * One ring that encloses the same pixels: each hole hangs on a level cut that runs left from its top left corner and
 * back. The cut encloses nothing and never meets the centre line of a row.
 */
export function keyholeRing(outline: Outline): Ring {
  if (outline.holes.length === 0) return outline.outer;
  const walls = new Walls();
  const start = link(outline.outer, walls);
  const holes = outline.holes.map((ring) => ({ ring, at: topLeft(ring) }));
  // What a cut meets lies further left, so it is part of the ring already.
  holes.sort((a, b) => a.ring[a.at] - b.ring[b.at] || a.ring[a.at + 1] - b.ring[b.at + 1]);
  for (const { ring, at } of holes) {
    const hole = link([...ring.slice(at), ...ring.slice(0, at)], walls);
    const wall = walls.below(hole.x, hole.y);
    const corner = wall.next;
    wall.next = { x: corner.x, y: corner.y, next: hole };
    lastOf(hole).next = { x: hole.x, y: hole.y, next: corner };
  }
  const joined: number[] = [];
  let node = start;
  do {
    joined.push(node.x, node.y);
    node = node.next;
  } while (node !== start);
  return joined;
}

/** Index of the leftmost point, of several the topmost. */
function topLeft(ring: Ring): number {
  let best = 0;
  for (let i = 2; i < ring.length; i += 2) {
    if (ring[i] < ring[best] || (ring[i] === ring[best] && ring[i + 1] < ring[best + 1])) best = i;
  }
  return best;
}

function lastOf(start: Node): Node {
  let node = start;
  while (node.next !== start) node = node.next;
  return node;
}

/** Makes a linked ring and registers its walls; returns the first corner. */
function link(ring: Ring, walls: Walls): Node {
  const nodes: Node[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const node = { x: ring[i], y: ring[i + 1] } as Node;
    node.next = node;
    nodes.push(node);
  }
  for (const [i, node] of nodes.entries()) node.next = nodes[(i + 1) % nodes.length];
  for (const node of nodes) walls.add(node);
  return nodes[0];
}

/** Edges that run upwards: the object lies to their right. */
class Walls {
  /** Lower corners by x, each list sorted by y once it is asked for. */
  readonly #byX = new Map<number, Node[]>();

  add(node: Node): void {
    if (node.next.y >= node.y) return;
    const list = this.#byX.get(node.x);
    if (list === undefined) this.#byX.set(node.x, [node]);
    else list.splice(firstBelow(list, node.y), 0, node);
  }

  /** The lower corner of the wall that a cut at height y from x to the left meets; the wall ends at y, if need be by a new corner. */
  below(x: number, y: number): Node {
    for (let left = x - 1; left >= 0; left--) {
      const list = this.#byX.get(left);
      if (list === undefined) continue;
      // Walls at one x do not overlap: the first that starts below the row's top is the only one that can cover it.
      const lower = list[firstBelow(list, y)];
      if (lower === undefined || lower.next.y > y) continue;
      if (lower.next.y < y) {
        lower.next = { x: left, y, next: lower.next };
        this.add(lower.next);
      }
      return lower;
    }
    invariant(false, 'a hole that nothing encloses');
  }
}

/** Index of the first node of a list sorted by y that lies below y. */
function firstBelow(list: readonly Node[], y: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].y > y) high = middle;
    else low = middle + 1;
  }
  return low;
}
