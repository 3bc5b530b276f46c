// Parameters of a training graph held in a few long vectors: what lets a graphics card update them in a few nodes.

import { Builder } from '../graph/builder.ts';
import type { Program } from '../graph/graph.ts';
import { rewrite } from '../graph/passes/rewrite.ts';
import { inputName, type Value } from '../graph/value.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';

/** Vectors are filled up with zeros to a multiple of this, so that they can be summed in rows. */
export const FLAT_ROW = 1024;
/** A vector takes no further parameter beyond this length (64 MiB); a longer parameter has a vector of its own. */
const MOST_NUMBERS = 1 << 24;

/** One parameter's place. */
export interface FlatPart {
  readonly name: string;
  readonly shape: Shape;
  readonly start: number;
  readonly length: number;
}

export interface FlatVector {
  /** All of a vector's parameters share a learning rate. */
  readonly group: string;
  readonly parts: readonly FlatPart[];
  /** A multiple of FLAT_ROW. */
  readonly length: number;
}

export const flatInput = (vector: number) => `flat ${vector}`;
export const flatGradient = (vector: number) => `flat gradient ${vector}`;

const roundUp = (n: number) => Math.ceil(n / FLAT_ROW) * FLAT_ROW;

/** Puts parameters into vectors in their order, those of one group together. */
export function flatVectors(
  shapes: ReadonlyMap<string, Shape>,
  groupOf: (name: string) => string = () => '',
  mostNumbers = MOST_NUMBERS,
): FlatVector[] {
  const vectors: { group: string; parts: FlatPart[]; length: number }[] = [];
  for (const [name, shape] of shapes) {
    const length = sizeOf(shape);
    const group = groupOf(name);
    let vector = vectors.find((v) => v.group === group && v.length + length <= mostNumbers);
    if (!vector) {
      vector = { group, parts: [], length: 0 };
      vectors.push(vector);
    }
    vector.parts.push({ name, shape, start: vector.length, length });
    vector.length += length;
  }
  return vectors.map((v) => ({ ...v, length: roundUp(v.length) }));
}

/** Arrays by parameter name -> one vector. */
export function toFlat(vector: FlatVector, arrays: Readonly<Record<string, Float32Array>>): Float32Array {
  const out = new Float32Array(vector.length);
  for (const { name, start } of vector.parts) out.set(arrays[name], start);
  return out;
}

/** One vector -> the arrays, in place. */
export function fromFlat(
  vector: FlatVector,
  flat: Float32Array,
  arrays: Readonly<Record<string, Float32Array>>,
): void {
  for (const { name, start, length } of vector.parts) arrays[name].set(flat.subarray(start, start + length));
}

/**
 * The program with its parameters (inputs, by the name they have in `inputs`) read from `flat N` inputs, and their
 * gradients written as `flat gradient N` outputs; a parameter without gradient gets zeros.
 */
export function flatProgram(
  program: Program,
  vectors: readonly FlatVector[],
  inputs: ReadonlyMap<string, string>,
  gradients: Readonly<Record<string, Value>>,
): Program {
  const b = new Builder();
  const places = new Map<string, { vector: number; part: FlatPart }>();
  for (const [vector, { parts }] of vectors.entries())
    for (const part of parts) places.set(inputs.get(part.name) as string, { vector, part });
  const wanted = Object.entries(gradients).map(([name, v]) => [`gradient of ${name}`, v] as const);
  const rebuilt = rewrite(
    b,
    { outputs: { ...program.outputs, ...Object.fromEntries(wanted) } },
    (_b, node) => {
      const place = node.op === 'input' ? places.get(inputName(node)) : undefined;
      if (!place) return null;
      const flat = b.input(flatInput(place.vector), [vectors[place.vector].length]);
      return b.reshape(b.narrow(flat, 0, place.part.start, place.part.length), place.part.shape);
    },
  );
  const outputs = Object.fromEntries(Object.keys(program.outputs).map((k) => [k, rebuilt.outputs[k]]));
  vectors.forEach((vector, i) => {
    const pieces = vector.parts.map(({ name, length }) => {
      const gradient = rebuilt.outputs[`gradient of ${name}`];
      return gradient ? b.reshape(gradient, [length]) : b.fill(0, [length]);
    });
    const rest = vector.length - vector.parts.reduce((n, p) => n + p.length, 0);
    if (rest > 0) pieces.push(b.fill(0, [rest]));
    outputs[flatGradient(i)] = pieces.length === 1 ? pieces[0] : b.concat(pieces, 0);
  });
  return { outputs };
}
