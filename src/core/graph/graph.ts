// The arena of a program: interns nodes (equal nodes are one object, so CSE is free) and infers shapes.

import { invariant } from '../base/errors.ts';
import { type Shape, shapeText, sizeOf } from '../tensor/shape.ts';
import type { DType, OpRecord } from './op.ts';
import { OPS, type OpName } from './ops/table.ts';
import { attributesKey, constantData, type LeafName, type Value } from './value.ts';

/** Constants longer than this are not compared with one another: they are weights, each met once. */
const LARGEST_SHARED = 1 << 20;

export class Graph {
  readonly #interned = new Map<string, Value>();
  readonly #inputs = new Map<string, Value>();
  #nextId = 0;

  /** A named input; asking twice with the same type gives the same node. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    const known = this.#inputs.get(name);
    if (known) {
      invariant(
        known.dtype === dtype && shapeText(known.shape) === shapeText(shape),
        `input ${name} is ${known.dtype}${shapeText(known.shape)}, not ${dtype}${shapeText(shape)}`,
      );
      return known;
    }
    const value = this.#create('input', [], { name }, dtype, shape);
    this.#inputs.set(name, value);
    return value;
  }

  constant(data: Float32Array | Int32Array | number, shape: Shape, dtype: DType = 'float32'): Value {
    if (typeof data === 'number') {
      return this.#intern(`const ${dtype}${shapeText(shape)} ${data}`, () =>
        this.#create('constant', [], { data }, dtype, shape),
      );
    }
    invariant(
      data.length === sizeOf(shape),
      `constant of ${data.length} values for shape ${shapeText(shape)}`,
    );
    if (data.length > 64) return this.#large(data, shape, dtype);
    return this.#intern(`const ${dtype}${shapeText(shape)} ${data.join(' ')}`, () =>
      this.#create('constant', [], { data }, dtype, shape),
    );
  }

  /** A long constant: found again by a hash of its bits and then compared number by number. */
  #large(data: Float32Array | Int32Array, shape: Shape, dtype: DType): Value {
    const create = () => this.#create('constant', [], { data }, dtype, shape);
    if (data.length > LARGEST_SHARED) return create();
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    const key = `const ${dtype}${shapeText(shape)} #${words.reduce((h, w) => Math.imul(h ^ w, 0x01000193), 0x811c9dc5)}`;
    const value = this.#intern(key, create);
    const known = constantData(value) as Float32Array | Int32Array;
    return known === data || data.every((v, i) => Object.is(v, known[i])) ? value : create();
  }

  apply(op: OpName, inputs: readonly Value[], attrs: object): Value {
    const key = `${op} ${inputs.map((v) => v.id).join(',')} ${attributesKey(attrs)}`;
    return this.#intern(key, () => {
      const record = OPS[op] as unknown as OpRecord<object>;
      const type = record.infer(inputs, attrs);
      return this.#create(op, inputs, attrs as Record<string, unknown>, type.dtype, type.shape);
    });
  }

  #intern(key: string, make: () => Value): Value {
    const known = this.#interned.get(key);
    if (known) return known;
    const value = make();
    this.#interned.set(key, value);
    return value;
  }

  #create(
    op: OpName | LeafName,
    inputs: readonly Value[],
    attrs: Record<string, unknown>,
    dtype: DType,
    shape: Shape,
  ): Value {
    return Object.freeze({ id: this.#nextId++, op, inputs, attrs, dtype, shape });
  }
}

/** A graph with named results; inputs are found by walking. */
export interface Program {
  readonly outputs: Readonly<Record<string, Value>>;
}
