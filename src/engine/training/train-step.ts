// One training step: a compiled graph of loss and gradients, and the optimiser over the same weights.

import { AdamW, type AdamWOptions } from '../../core/autodiff/adamw.ts';
import { gradients } from '../../core/autodiff/gradients.ts';
import { AppError } from '../../core/base/errors.ts';
import type { Builder } from '../../core/graph/builder.ts';
import { fold } from '../../core/graph/passes/fold.ts';
import type { Value } from '../../core/graph/value.ts';
import { type CompileOptions, compile, type Executable, type TensorData } from '../runtime/executable.ts';

export interface StepProgram {
  readonly b: Builder;
  readonly loss: Value;
  /** Reported beside the loss. */
  readonly terms: Readonly<Record<string, Value>>;
  /** Trainable inputs by parameter name. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** New values of what is updated without gradient (running statistics), by parameter name. */
  readonly state?: Readonly<Record<string, Value>>;
}

export interface StepResult {
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly gradNorm: number;
  readonly state: Readonly<Record<string, Float32Array>>;
}

type Batch = Readonly<Record<string, TensorData>>;

/** Running statistics are those of the last micro-batch; everything else adds up. */
const isState = (name: string) => name.startsWith('state:');

function addResults(sum: Record<string, TensorData>, more: Readonly<Record<string, TensorData>>): void {
  for (const [name, values] of Object.entries(more)) {
    if (isState(name)) sum[name] = values;
    else for (let i = 0; i < values.length; i++) sum[name][i] += values[i];
  }
}

function averageResults(sum: Readonly<Record<string, TensorData>>, count: number): void {
  for (const [name, values] of Object.entries(sum)) {
    if (!isState(name)) for (let i = 0; i < values.length; i++) values[i] /= count;
  }
}

const gradName = (name: string) => `grad:${name}`;

export class TrainStep {
  readonly weights: Record<string, Float32Array>;
  readonly optimizer: AdamW;
  readonly executable: Executable;
  readonly #inputNames: ReadonlyMap<string, string>;

  private constructor(
    executable: Executable,
    inputNames: ReadonlyMap<string, string>,
    weights: Record<string, Float32Array>,
    options: AdamWOptions,
  ) {
    this.executable = executable;
    this.#inputNames = inputNames;
    this.weights = weights;
    this.optimizer = new AdamW(weights, options);
  }

  /** Differentiates and compiles; `weights` are updated in place by `step`. */
  static async create(
    program: StepProgram,
    weights: Record<string, Float32Array>,
    options: AdamWOptions & { readonly compile: CompileOptions },
  ): Promise<TrainStep> {
    const { b, loss, terms, parameters, state = {} } = program;
    const names = [...parameters.keys()];
    const grads = gradients(
      b,
      loss,
      names.map((n) => parameters.get(n) as Value),
    );
    const outputs: Record<string, Value> = { loss };
    for (const [name, v] of Object.entries(terms)) outputs[`term:${name}`] = v;
    for (const [name, v] of Object.entries(state)) outputs[`state:${name}`] = v;
    names.forEach((name, i) => {
      const grad = grads[i];
      if (grad) outputs[gradName(name)] = grad;
    });
    const executable = await compile(fold({ outputs }), options.compile);
    const inputNames = new Map(names.map((n) => [n, (parameters.get(n) as Value).attrs.name as string]));
    return new TrainStep(executable, inputNames, weights, options);
  }

  /**
   * Runs the graph on a batch and updates the weights. Several micro-batches count as one: the mean of their
   * gradients (loss and terms too), one update.
   */
  async step(batch: Batch | readonly Batch[], rates: (name: string) => number): Promise<StepResult> {
    const batches = Array.isArray(batch) ? (batch as readonly Batch[]) : [batch as Batch];
    const results = await this.executable.run(this.#feeds(batches[0]));
    for (const more of batches.slice(1)) addResults(results, await this.executable.run(this.#feeds(more)));
    if (batches.length > 1) averageResults(results, batches.length);
    const grads: Record<string, Float32Array> = {};
    for (const name of this.#inputNames.keys()) {
      const grad = results[gradName(name)];
      if (grad) grads[name] = grad as Float32Array;
    }
    if (!Number.isFinite(results.loss[0])) {
      throw new AppError(
        'runtime',
        `the loss became ${results.loss[0]} at step ${this.optimizer.steps + 1}`,
        {
          hint: 'Train again with another --seed; if it happens again, please report it.',
        },
      );
    }
    const gradNorm = this.optimizer.step(grads, rates);
    const marked = (mark: string) =>
      Object.keys(results)
        .filter((k) => k.startsWith(mark))
        .map((k) => [k.slice(mark.length), results[k] as Float32Array] as const);
    const terms = Object.fromEntries(marked('term:').map(([k, v]) => [k, v[0]]));
    return { loss: results.loss[0], terms, gradNorm, state: Object.fromEntries(marked('state:')) };
  }

  #feeds(batch: Readonly<Record<string, TensorData>>): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = { ...batch };
    for (const [name, input] of this.#inputNames) {
      if (this.executable.inputs[input]) feeds[input] = this.weights[name];
    }
    return feeds;
  }
}
