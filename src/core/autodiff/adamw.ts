// AdamW with decoupled weight decay (Loshchilov & Hutter 2019) and global-norm clipping, as fused passes over
// typed arrays: on the CPU this beats a graph of elementwise nodes (decision 0003).

import { invariant } from '../base/errors.ts';
import { sharedFloats } from '../tensor/shared.ts';
import { type ParameterArrays, sumShare, type UpdateNumbers, updateShare } from './parameter-passes.ts';

export interface AdamWOptions {
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly weightDecay?: number;
  /** Largest global norm of all gradients together; coefficient max/(norm+1e-6) as torch.nn.utils.clip_grad_norm_. */
  readonly maxNorm?: number;
}

/** Options with what is not given filled in. */
export function adamwOptions(options: AdamWOptions = {}): Required<AdamWOptions> {
  const { betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01, maxNorm = Infinity } = options;
  return { betas, eps, weightDecay, maxNorm };
}

export type Arrays = Readonly<Record<string, Float32Array>>;

/** First and second moments of one parameter. */
export interface Moments {
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export class AdamW {
  readonly moments: Readonly<Record<string, Moments>>;
  steps = 0;
  readonly #parameters: Arrays;
  readonly #options: Required<AdamWOptions>;

  constructor(parameters: Arrays, options: AdamWOptions = {}) {
    this.#parameters = parameters;
    this.#options = adamwOptions(options);
    this.moments = Object.fromEntries(
      Object.entries(parameters).map(([name, p]) => [
        name,
        { m: sharedFloats(p.length), v: sharedFloats(p.length) },
      ]),
    );
  }

  /** Every parameter with the parts of its gradient, in the order of the parameters. */
  arrays(parts: readonly Arrays[]): ParameterArrays[] {
    return Object.entries(this.#parameters).map(([name, weight]) => {
      const gradients = parts.flatMap((part) => part[name] ?? []);
      const wrong = gradients.find(({ length }) => length !== weight.length);
      invariant(!wrong, `gradient of ${name}: ${wrong?.length} of ${weight.length}`);
      const { m, v } = this.moments[name];
      return { weight, first: m, second: v, gradients };
    });
  }

  /**
   * Takes the sums of squares of the summed gradients, one per parameter, and counts a step. Returns the mean
   * gradient's global norm before clipping, and what the update of all parameters needs.
   */
  begin(
    squares: readonly number[],
    rates: (name: string) => number,
    count: number,
  ): { readonly norm: number; readonly numbers: UpdateNumbers } {
    const { betas, eps, weightDecay, maxNorm } = this.#options;
    const norm = Math.sqrt(squares.reduce((a, v) => a + v, 0)) / count;
    invariant(Number.isFinite(norm), `the gradients' norm is ${norm}`);
    this.steps++;
    const c1 = 1 - betas[0] ** this.steps;
    const c2 = Math.sqrt(1 - betas[1] ** this.steps);
    const lrs = Object.keys(this.#parameters).map(rates);
    // rate m / (sqrt(v)/c2 + eps) with one division.
    const numbers = {
      scale: Math.min(1, maxNorm / (norm + 1e-6)) / count,
      betas,
      floor: eps * c2,
      keep: lrs.map((lr) => 1 - lr * weightDecay),
      rate: lrs.map((lr) => (lr / c1) * c2),
    };
    return { norm, numbers };
  }

  /**
   * One update in place, with the gradients of several `parts` of a batch divided by `count` (their sum is left in
   * the first). `rates` gives the learning rate of a parameter; a missing gradient counts as zero, so decay still
   * reaches it. Returns the mean gradient's global norm before clipping.
   */
  step(parts: readonly Arrays[], rates: (name: string) => number, count = parts.length): number {
    const arrays = this.arrays(parts);
    const { norm, numbers } = this.begin(sumShare(arrays), rates, count);
    updateShare(arrays, numbers);
    return norm;
  }
}
