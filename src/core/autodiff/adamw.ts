// AdamW with decoupled weight decay (Loshchilov & Hutter 2019) and global-norm clipping, as a fused pass over
// typed arrays: on the CPU this beats a graph of elementwise nodes (engine.md).

import { invariant } from '../base/errors.ts';

export interface AdamWOptions {
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly weightDecay?: number;
  /** Largest global norm of all gradients together; coefficient max/(norm+1e-6) as torch.nn.utils.clip_grad_norm_. */
  readonly maxNorm?: number;
}

export type Arrays = Readonly<Record<string, Float32Array>>;

/** First and second moments of one parameter. */
export interface Moments {
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/** Square root of the sum of squares over all arrays. */
export function globalNorm(arrays: Iterable<Float32Array>): number {
  let total = 0;
  for (const a of arrays) {
    let part = 0;
    for (let i = 0; i < a.length; i++) part += a[i] * a[i];
    total += part;
  }
  return Math.sqrt(total);
}

export class AdamW {
  readonly moments: Readonly<Record<string, Moments>>;
  steps = 0;
  readonly #parameters: Arrays;
  readonly #options: Required<AdamWOptions>;

  constructor(parameters: Arrays, options: AdamWOptions = {}) {
    this.#parameters = parameters;
    this.#options = { betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.01, maxNorm: Infinity, ...options };
    this.moments = Object.fromEntries(
      Object.entries(parameters).map(([name, p]) => [
        name,
        { m: new Float32Array(p.length), v: new Float32Array(p.length) },
      ]),
    );
  }

  /**
   * One update in place. `rates` gives the learning rate of a parameter; a missing gradient counts as zero,
   * so decay still reaches it. Returns the gradients' global norm before clipping.
   */
  step(gradients: Arrays, rates: (name: string) => number): number {
    const { betas, eps, weightDecay, maxNorm } = this.#options;
    const names = Object.keys(this.#parameters);
    const norm = globalNorm(names.flatMap((n) => gradients[n] ?? []));
    invariant(Number.isFinite(norm), `the gradients' norm is ${norm}`);
    const scale = Math.min(1, maxNorm / (norm + 1e-6));
    this.steps++;
    const [b1, b2] = betas;
    const c1 = 1 - b1 ** this.steps;
    const c2 = Math.sqrt(1 - b2 ** this.steps);
    for (const name of names) {
      const p = this.#parameters[name];
      const g = gradients[name];
      const { m, v } = this.moments[name];
      const lr = rates(name);
      const keep = 1 - lr * weightDecay;
      invariant(!g || g.length === p.length, `gradient of ${name}: ${g?.length} of ${p.length}`);
      const rate = lr / c1;
      for (let i = 0; i < p.length; i++) {
        const gi = g ? g[i] * scale : 0;
        const mi = b1 * m[i] + (1 - b1) * gi;
        const vi = b2 * v[i] + (1 - b2) * gi * gi;
        m[i] = mi;
        v[i] = vi;
        p[i] = p[i] * keep - (rate * mi) / (Math.sqrt(vi) / c2 + eps);
      }
    }
    return norm;
  }
}
