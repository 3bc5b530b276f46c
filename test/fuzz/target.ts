// What can be fuzzed: how an input is made from a valid seed, when it passes the first stage, and what is run on it.

import type { Rng } from '../../src/core/base/rng.ts';

/** Folders of one input. Everything in them is thrown away. */
export interface Place {
  /** The only folder the product may write to. */
  readonly inside: string;
  /** Absolute path of a file that must not come to be; hostile names lead there. */
  readonly outside: string;
}

export interface FuzzTarget<Input = unknown> {
  readonly name: string;
  /** The first stage of its parser, in words. */
  readonly firstStage: string;
  /** Inputs per 100 of the run. */
  readonly weight: number;
  /** A damaged copy of a valid seed; everything random comes from `rng`. */
  make(rng: Rng, place: Place): Promise<Input> | Input;
  /** Whether the first stage takes the input; an exception counts as no. */
  passes(input: Input, place: Place): Promise<boolean> | boolean;
  /** The whole of what the product does with such an input. Only an AppError may leave it. */
  run(input: Input, place: Place): Promise<void> | void;
}

/** Keeps the input's type inside a target, and only there. */
export function target<Input>(definition: FuzzTarget<Input>): FuzzTarget {
  return definition as FuzzTarget;
}

/** Makes something once and hands out the same from then on. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
