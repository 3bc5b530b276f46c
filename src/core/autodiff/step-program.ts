// A training step as one program: loss, terms, new running statistics and the gradient of every parameter.

import { Builder } from '../graph/builder.ts';
import type { Program } from '../graph/graph.ts';
import { fold } from '../graph/passes/fold.ts';
import { sliceAttention } from '../graph/passes/slice-attention.ts';
import { inputName, type Value } from '../graph/value.ts';
import { gradients } from './gradients.ts';
import { recomputedGradients } from './recompute.ts';

export interface StepProgram {
  readonly b: Builder;
  readonly loss: Value;
  /** Reported beside the loss. */
  readonly terms: Readonly<Record<string, Value>>;
  /** Trainable inputs by parameter name. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** New values of what is updated without gradient (running statistics), by parameter name. */
  readonly state?: Readonly<Record<string, Value>>;
  /** Activations worth keeping when the others are computed again; without them there is no recomputation. */
  readonly boundaries?: readonly Value[];
}

/** What may be traded for memory; each choice changes rounding, so it is part of a run's identity. */
export type StepForm = {
  /** Keep only the activations at the boundaries and compute the others again. */
  readonly recompute: boolean;
  /** Largest map of attention weights held at once, bytes; null: all heads together. */
  readonly attentionBytes: number | null;
};

export const PLAIN_STEP: StepForm = { recompute: false, attentionBytes: null };

/** Output `grad:NAME` of the program holds the gradient of parameter NAME. */
export const gradientOf = (name: string) => `grad:${name}`;

function prefixed(prefix: string, values: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(values).map(([name, v]) => [`${prefix}${name}`, v]);
}

/** The step over a new builder, with attention in slices; their results join the boundaries. */
function withSlicedAttention(step: StepProgram, bytes: number): StepProgram {
  const b = new Builder();
  const { terms, state = {}, boundaries = [], parameters } = step;
  const kept = Object.fromEntries(boundaries.map((v, i) => [`boundary:${i}`, v]));
  const outputs = { loss: step.loss, ...Object.fromEntries(prefixed('term:', terms)) };
  const all = { ...outputs, ...Object.fromEntries(prefixed('state:', state)), ...kept };
  const { outputs: found, slices } = sliceAttention(b, { outputs: all }, bytes);
  const rebuilt = (prefix: string, names: string[]) =>
    Object.fromEntries(names.map((n) => [n, found[`${prefix}${n}`]]));
  return {
    b,
    loss: found.loss,
    terms: rebuilt('term:', Object.keys(terms)),
    state: rebuilt('state:', Object.keys(state)),
    parameters: new Map([...parameters].map(([n, v]) => [n, b.input(inputName(v), v.shape, v.dtype)])),
    boundaries: [...boundaries.map((_, i) => found[`boundary:${i}`]), ...slices],
  };
}

/** Outputs `loss`, `term:NAME`, `state:NAME` and `grad:NAME`; a parameter the loss does not reach has none. */
export function differentiated(program: StepProgram, form: StepForm = PLAIN_STEP): Program {
  const step = form.attentionBytes === null ? program : withSlicedAttention(program, form.attentionBytes);
  const { b, loss, terms, state = {}, parameters, boundaries = [] } = step;
  const wrt = [...parameters.values()];
  const found = form.recompute ? recomputedGradients(b, loss, wrt, boundaries) : gradients(b, loss, wrt);
  const grads = [...parameters.keys()].flatMap((name, i): [string, Value][] => {
    const grad = found[i];
    return grad ? [[gradientOf(name), grad]] : [];
  });
  const outputs = [['loss', loss], ...prefixed('term:', terms), ...prefixed('state:', state), ...grads];
  return fold({ outputs: Object.fromEntries(outputs) });
}
