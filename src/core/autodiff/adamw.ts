// AdamW with decoupled weight decay (Loshchilov & Hutter 2019) and global-norm clipping, as fused passes over
// typed arrays: on the CPU this beats a graph of elementwise nodes (decision 0003).

import { invariant } from '../base/errors.ts';
import { adamw, sumGradients } from './kernel/parameter-kernel.ts';

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
        { m: new Float32Array(p.length), v: new Float32Array(p.length) },
      ]),
    );
  }

  /**
   * One update in place, with the gradients of several `parts` of a batch divided by `count` (their sum is left in
   * the first). `rates` gives the learning rate of a parameter; a missing gradient counts as zero, so decay still
   * reaches it. Returns the mean gradient's global norm before clipping.
   */
  step(parts: readonly Arrays[], rates: (name: string) => number, count = parts.length): number {
    const { betas, eps, weightDecay, maxNorm } = this.#options;
    const [gradients, ...more] = parts;
    const squares = Object.keys(this.#parameters).map((name) => this.#sum(name, gradients, more));
    const norm = Math.sqrt(squares.reduce((a, v) => a + v, 0)) / count;
    invariant(Number.isFinite(norm), `the gradients' norm is ${norm}`);
    const scale = Math.min(1, maxNorm / (norm + 1e-6)) / count;
    this.steps++;
    const c1 = 1 - betas[0] ** this.steps;
    const c2 = Math.sqrt(1 - betas[1] ** this.steps);
    for (const [name, weight] of Object.entries(this.#parameters)) {
      const lr = rates(name);
      const { m, v } = this.moments[name];
      // rate m / (sqrt(v)/c2 + eps) with one division.
      const keep = 1 - lr * weightDecay;
      const coefficients = { scale, betas, keep, rate: (lr / c1) * c2, floor: eps * c2 };
      adamw({ weight, first: m, second: v }, gradients[name], coefficients);
    }
    return norm;
  }

  /** Adds the parts' gradients of one parameter; returns the sum of squares. */
  #sum(name: string, gradients: Arrays, more: readonly Arrays[]): number {
    const gradient = gradients[name];
    if (!gradient) return 0;
    const { length } = this.#parameters[name];
    invariant(gradient.length === length, `gradient of ${name}: ${gradient.length} of ${length}`);
    return sumGradients(
      gradient,
      more.map((part) => part[name]),
    );
  }
}
