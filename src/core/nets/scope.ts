// Names of parameters: a path that grows as a network is built, exactly the diffusers state-dict name.

import { invariant } from '../base/errors.ts';
import type { Builder } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { type Shape, sameShape, shapeText } from '../tensor/shape.ts';

/** Every parameter a network declared, by its state-dict name, in order of declaration. */
export type ParameterTable = Map<string, Value>;

export class Scope {
  readonly b: Builder;
  readonly table: ParameterTable;
  readonly #prefix: string;
  readonly #path: string;

  /** `prefix` keeps networks of one graph apart (`unet/`); it is not part of the state-dict name. */
  constructor(b: Builder, prefix = '', table: ParameterTable = new Map(), path = '') {
    this.b = b;
    this.table = table;
    this.#prefix = prefix;
    this.#path = path;
  }

  /** The scope of a child module, `down_blocks.0` for instance. */
  at(name: string): Scope {
    return new Scope(this.b, this.#prefix, this.table, `${this.#path}${name}.`);
  }

  /** The parameter `name` of this module as a graph input; asking twice shares it. */
  param(name: string, shape: Shape): Value {
    const full = `${this.#path}${name}`;
    const known = this.table.get(full);
    if (known) {
      invariant(
        sameShape(known.shape, shape),
        `${full} is ${shapeText(known.shape)}, not ${shapeText(shape)}`,
      );
      return known;
    }
    const value = this.b.input(`${this.#prefix}${full}`, shape);
    this.table.set(full, value);
    return value;
  }
}
