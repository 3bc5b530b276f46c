// A training step whose state lives on the graphics card: weights, moments and moving average as long vectors; the
// gradients of a batch, then AdamW with its global-norm clip in a second graph. Only the loss, its terms, the norm
// and running statistics come back, every step: a lost device is silent where nothing is read.

import { AdamW, type AdamWOptions, adamwOptions } from '../../core/autodiff/adamw.ts';
import {
  adamwProgram,
  addProgram,
  type FlatState,
  gradientName,
  newStateName,
  stateName,
  stepFeeds,
} from '../../core/autodiff/adamw-program.ts';
import {
  type FlatVector,
  flatGradient,
  flatInput,
  flatProgram,
  flatVectors,
  fromFlat,
  toFlat,
} from '../../core/autodiff/flat-parameters.ts';
import { gradients } from '../../core/autodiff/gradients.ts';
import { AppError, invariant } from '../../core/base/errors.ts';
import { fold } from '../../core/graph/passes/fold.ts';
import { inputName, type Value } from '../../core/graph/value.ts';
import type { TensorData } from '../runtime/executable.ts';
import type { GpuProcess } from '../runtime/webgpu-process.ts';
import { GpuProgram } from '../runtime/webgpu-program.ts';
import type { GpuHandle } from '../runtime/webgpu-protocol.ts';
import { GpuTensors } from '../runtime/webgpu-tensors.ts';
import type { StepProgram, StepResult } from './train-step.ts';

type Arrays = Record<string, Float32Array>;
type Batch = Readonly<Record<string, TensorData>>;
type Handles = Readonly<Record<string, GpuHandle>>;

export interface GpuTrainOptions extends AdamWOptions {
  /** Parameters of one group share a learning rate. Default: all do. */
  readonly rateGroup?: (name: string) => string;
  /** Starting moving average of the weights, kept on the card and updated with every step. */
  readonly average?: Arrays;
}

interface Results {
  values: Record<string, Float32Array>;
  gradients: GpuHandle[];
}

export class GpuTrainStep {
  /** Host copies: the starting point, and after `download` what the card holds. */
  readonly weights: Arrays;
  readonly optimizer: AdamW;
  readonly average: Arrays | undefined;
  readonly #process: GpuProcess;
  readonly #options: GpuTrainOptions;
  readonly #vectors: readonly FlatVector[];
  readonly #gradient: GpuProgram;
  readonly #update: GpuProgram;
  readonly #state: GpuTensors;
  readonly #held: GpuTensors;
  #add: GpuProgram | null = null;

  private constructor(
    process: GpuProcess,
    vectors: readonly FlatVector[],
    programs: { gradient: GpuProgram; update: GpuProgram },
    weights: Arrays,
    options: GpuTrainOptions,
  ) {
    this.#process = process;
    this.#vectors = vectors;
    this.#gradient = programs.gradient;
    this.#update = programs.update;
    this.#options = options;
    this.#state = new GpuTensors(process);
    this.#held = new GpuTensors(process);
    this.weights = weights;
    this.average = options.average;
    this.optimizer = new AdamW(weights, adamwOptions(options));
  }

  /** Differentiates and compiles both graphs; the card takes the host's state at the first step. */
  static async create(
    process: GpuProcess,
    program: StepProgram,
    weights: Arrays,
    options: GpuTrainOptions,
  ): Promise<GpuTrainStep> {
    const { b, loss, terms, parameters, state = {} } = program;
    const names = [...parameters.keys()];
    const values = [...parameters.values()];
    const grads = gradients(b, loss, values);
    const outputs: Record<string, Value> = { loss };
    for (const [name, v] of Object.entries(terms)) outputs[`term:${name}`] = v;
    for (const [name, v] of Object.entries(state)) outputs[`state:${name}`] = v;
    const shapes = new Map(names.map((n, i) => [n, values[i].shape]));
    const vectors = flatVectors(shapes, options.rateGroup);
    const inputs = new Map(names.map((n, i) => [n, inputName(values[i])]));
    const known = names.flatMap((n, i) => (grads[i] ? [[n, grads[i]] as const] : []));
    const flat = flatProgram({ outputs }, vectors, inputs, Object.fromEntries(known));
    const lengths = vectors.map((v) => v.length);
    const gradient = await GpuProgram.create(process, fold(flat), (name) => name.startsWith('flat gradient'));
    const update = await GpuProgram.create(
      process,
      fold(adamwProgram(lengths, options, options.average !== undefined)),
      (name) => name !== 'norm',
    );
    return new GpuTrainStep(process, vectors, { gradient, update }, weights, options);
  }

  /** Inputs that do not change from step to step (frozen weights) stay on the card; steps need not give them. */
  async hold(feeds: Batch): Promise<void> {
    for (const [name, data] of Object.entries(feeds)) {
      const type = this.#gradient.inputs[name];
      if (type) await this.#held.upload(name, type, data);
    }
  }

  /**
   * One update. Several micro-batches count as one: the mean of their gradients. `averageDecay` belongs to the moving
   * average. A loss or norm that is not finite throws and leaves the state of the step before.
   */
  async step(
    batch: Batch | readonly Batch[],
    rates: (name: string) => number,
    averageDecay?: number,
  ): Promise<StepResult> {
    if (!this.#state.has(stateName('weights', 0))) await this.#upload();
    const batches = Array.isArray(batch) ? (batch as readonly Batch[]) : [batch as Batch];
    const { values, gradients: handles } = await this.#gradientsOf(batches);
    const step = this.optimizer.steps + 1;
    const feeds = stepFeeds(
      {
        rates: this.#vectors.map((v) => rateOf(v, rates)),
        step,
        gradientScale: 1 / batches.length,
        averageDecay: this.average && averageDecay,
      },
      this.#options,
    );
    const grads = Object.fromEntries(handles.map((h, i) => [gradientName(i), h]));
    const updated = await this.#update.run({ ...this.#state.feeds, ...grads, ...feeds });
    await this.#dispose(handles);
    const gradNorm = updated.values.norm[0];
    if (!Number.isFinite(gradNorm)) {
      await this.#dispose(Object.values(updated.handles));
      throw notFinite("the gradients' norm", gradNorm, step);
    }
    const names = Object.keys(this.#state.feeds);
    await this.#state.replace(Object.fromEntries(names.map((n) => [n, updated.handles[newStateName(n)]])));
    this.optimizer.steps = step;
    const marked = (mark: string) =>
      Object.keys(values)
        .filter((k) => k.startsWith(mark))
        .map((k) => [k.slice(mark.length), values[k]] as const);
    const terms = Object.fromEntries(marked('term:').map(([k, v]) => [k, v[0]]));
    return { loss: values.loss[0], terms, gradNorm, state: Object.fromEntries(marked('state:')) };
  }

  /** Makes the host's weights, moments and average those of the card. */
  async download(): Promise<void> {
    if (!this.#state.has(stateName('weights', 0))) return;
    for (const [i, vector] of this.#vectors.entries()) {
      for (const [state, arrays] of this.#hostState()) {
        fromFlat(vector, (await this.#state.download(stateName(state, i))) as Float32Array, arrays);
      }
    }
  }

  /** The next step starts from the host's state (a restored checkpoint). */
  async reload(): Promise<void> {
    await this.#state.clear();
  }

  async release(): Promise<void> {
    await this.#state.clear();
    await this.#held.clear();
    await this.#gradient.release();
    await this.#update.release();
    await this.#add?.release();
  }

  #hostState(): [FlatState, Arrays][] {
    const { moments } = this.optimizer;
    const moment = (part: 'm' | 'v') =>
      Object.fromEntries(Object.entries(moments).map(([name, both]) => [name, both[part]]));
    const states: [FlatState, Arrays][] = [
      ['weights', this.weights],
      ['m', moment('m')],
      ['v', moment('v')],
    ];
    return this.average ? [...states, ['average', this.average]] : states;
  }

  async #upload(): Promise<void> {
    for (const [i, vector] of this.#vectors.entries()) {
      const type = { dtype: 'float32', shape: [vector.length] } as const;
      for (const [state, arrays] of this.#hostState())
        await this.#state.upload(stateName(state, i), type, toFlat(vector, arrays));
    }
  }

  /** Sums of the gradients of all micro-batches, resident; means of what is reported, the last one's statistics. */
  async #gradientsOf(batches: readonly Batch[]): Promise<Results> {
    const first = await this.#runOne(batches[0]);
    for (const batch of batches.slice(1)) {
      const next = await this.#runOne(batch);
      first.gradients = await this.#sum(first.gradients, next.gradients);
      for (const [name, value] of Object.entries(next.values)) {
        if (name.startsWith('state:')) first.values[name] = value;
        else first.values[name] = first.values[name].map((v, i) => v + value[i]);
      }
    }
    for (const [name, value] of Object.entries(first.values))
      if (!name.startsWith('state:')) first.values[name] = value.map((v) => v / batches.length);
    return first;
  }

  async #runOne(batch: Batch): Promise<Results> {
    const weights = this.#vectors.map((_, i) => [flatInput(i), this.#state.feeds[stateName('weights', i)]]);
    const feeds = { ...this.#held.feeds, ...batch, ...Object.fromEntries(weights) };
    const { values, handles } = await this.#gradient.run(feeds);
    const loss = values.loss[0];
    if (!Number.isFinite(loss)) {
      await this.#dispose(Object.values(handles));
      throw notFinite('the loss', loss, this.optimizer.steps + 1);
    }
    return {
      values: values as Record<string, Float32Array>,
      gradients: this.#vectors.map((_, i) => handles[flatGradient(i)]),
    };
  }

  async #sum(one: GpuHandle[], more: GpuHandle[]): Promise<GpuHandle[]> {
    const lengths = this.#vectors.map((v) => v.length);
    this.#add ??= await GpuProgram.create(this.#process, addProgram(lengths), () => true);
    const feeds: Record<string, GpuHandle> = {};
    one.forEach((handle, i) => {
      feeds[gradientName(i)] = handle;
      feeds[`more ${i}`] = more[i];
    });
    const { handles }: { handles: Handles } = await this.#add.run(feeds);
    await this.#dispose([...one, ...more]);
    return lengths.map((_, i) => handles[`sum ${i}`]);
  }

  async #dispose(handles: readonly GpuHandle[]): Promise<void> {
    await this.#process.call('dispose', { handles });
  }
}

function rateOf(vector: FlatVector, rates: (name: string) => number): number {
  const rate = rates(vector.parts[0].name);
  invariant(
    vector.parts.every(({ name }) => rates(name) === rate),
    `parameters of group "${vector.group}" have different learning rates`,
  );
  return rate;
}

const notFinite = (what: string, value: number, step: number) =>
  new AppError('runtime', `${what} became ${value} at step ${step}`, {
    hint: 'Train again with another --seed; if it happens again, please report it.',
  });
