// One training step: a compiled graph of loss and gradients, and the optimiser over the same weights.

import { AdamW, type AdamWOptions } from '../../core/autodiff/adamw.ts';
import { sumGradients } from '../../core/autodiff/kernel/parameter-kernel.ts';
import {
  differentiated,
  gradientOf,
  type StepForm,
  type StepProgram,
} from '../../core/autodiff/step-program.ts';
import { AppError } from '../../core/base/errors.ts';
import { inputName } from '../../core/graph/value.ts';
import type { CompileOptions, TensorData } from '../runtime/executable.ts';
import { compileLanes, type Lanes, type Results } from '../runtime/lanes.ts';
import { letGo } from '../runtime/let-go.ts';
import { laneCount } from '../runtime/rows.ts';
import { LaneOptimizer } from './lane-optimizer.ts';

export type { StepProgram } from '../../core/autodiff/step-program.ts';

export interface StepResult {
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly gradNorm: number;
  readonly state: Readonly<Record<string, Float32Array>>;
}

type Batch = Readonly<Record<string, TensorData>>;

const copyOf = (results: Results): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(results).map(([name, values]) => [name, values.slice()]));

/** Mean of one result of `count` micro-batches, whose sums the parts are. */
function meanOver(parts: readonly Results[], name: string, count: number): Float32Array {
  const mean = new Float32Array(parts[0][name].length);
  for (const part of parts)
    part[name].forEach((v, i) => {
      mean[i] += v / count;
    });
  return mean;
}

function addTo(sum: Results, more: Results): void {
  for (const [name, values] of Object.entries(more)) sumGradients(sum[name], [values]);
}

export class TrainStep {
  readonly weights: Record<string, Float32Array>;
  readonly optimizer: AdamW;
  readonly lanes: Lanes;
  readonly #inputNames: ReadonlyMap<string, string>;
  readonly #update: LaneOptimizer;
  #held: Batch = {};

  private constructor(
    lanes: Lanes,
    inputNames: ReadonlyMap<string, string>,
    weights: Record<string, Float32Array>,
    options: AdamWOptions,
  ) {
    this.lanes = lanes;
    this.#inputNames = inputNames;
    this.weights = weights;
    this.optimizer = new AdamW(weights, options);
    this.#update = new LaneOptimizer(this.optimizer, lanes);
  }

  /**
   * Differentiates and compiles; `weights` are updated in place by `step`. Steps of several `parts`
   * (micro-batches) run them side by side, as many as there are threads.
   */
  static async create(
    program: StepProgram,
    weights: Record<string, Float32Array>,
    options: AdamWOptions & {
      readonly compile: CompileOptions;
      readonly parts?: number;
      /** How many parts run side by side; as many as there are threads where not said. */
      readonly lanes?: number;
      /** What is traded for memory. */
      readonly form?: StepForm;
    },
  ): Promise<TrainStep> {
    const { parameters } = program;
    const count = options.lanes ?? laneCount(options.parts ?? 1, options.compile.threads);
    const lanes = await compileLanes(differentiated(program, options.form), count, options.compile);
    const inputNames = new Map([...parameters].map(([name, v]) => [name, inputName(v)]));
    return new TrainStep(lanes, inputNames, weights, options);
  }

  /**
   * Runs the graph on a batch and updates the weights. Several micro-batches count as one: the mean of their
   * gradients (loss and terms too), one update.
   */
  async step(batch: Batch | readonly Batch[], rates: (name: string) => number): Promise<StepResult> {
    const batches = Array.isArray(batch) ? (batch as readonly Batch[]) : [batch as Batch];
    const parts = await this.#runAll(batches);
    const meanOf = (name: string) => parts.reduce((a, p) => a + p[name][0], 0) / batches.length;
    const loss = meanOf('loss');
    if (!Number.isFinite(loss)) {
      throw new AppError('runtime', `the loss became ${loss} at step ${this.optimizer.steps + 1}`, {
        hint: 'Train again with another --seed; if it happens again, please report it.',
      });
    }
    const names = [...this.#inputNames.keys()].filter((name) => parts[0][gradientOf(name)]);
    const gradients = parts.map((p) => Object.fromEntries(names.map((name) => [name, p[gradientOf(name)]])));
    const gradNorm = await this.#update.step(gradients, rates, batches.length);
    for (const gradient of gradients) letGo(gradient);
    const marked = (mark: string) =>
      Object.keys(parts[0])
        .filter((k) => k.startsWith(mark))
        .map((k) => [k.slice(mark.length), k] as const);
    return {
      loss,
      gradNorm,
      terms: Object.fromEntries(marked('term:').map(([name, k]) => [name, meanOf(k)])),
      // Running statistics are the mean of what the micro-batches make of them.
      state: Object.fromEntries(
        marked('state:').map(([name, k]) => [name, meanOver(parts, k, batches.length)]),
      ),
    };
  }

  /** Inputs that are the same in every step. */
  async hold(feeds: Batch): Promise<void> {
    this.#held = { ...this.#held, ...feeds };
  }

  /** The state is on the host already. */
  async download(): Promise<void> {}

  release(): Promise<void> {
    return this.lanes.release();
  }

  /** Results of all micro-batches, a wave of lanes at a time: one set per lane, added up over the waves. */
  async #runAll(batches: readonly Batch[]): Promise<Results[]> {
    const { count } = this.lanes;
    const run = (at: number) => this.lanes.runAll(batches.slice(at, at + count).map((b) => this.#feeds(b)));
    const first = await run(0);
    if (batches.length <= count) return first;
    const sums = count > 1 ? first.map(copyOf) : first;
    for (let at = count; at < batches.length; at += count) {
      (await run(at)).forEach((results, lane) => {
        addTo(sums[lane], results);
        letGo(results);
      });
    }
    return sums;
  }

  #feeds(batch: Readonly<Record<string, TensorData>>): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = { ...this.#held, ...batch };
    for (const [name, input] of this.#inputNames) {
      if (this.lanes.inputs[input]) feeds[input] = this.weights[name];
    }
    return feeds;
  }
}
