// AdamW's passes divided over the lanes of a training step, whose threads have nothing else to do meanwhile.
// The numbers are those of AdamW alone.

import type { AdamW, Arrays } from '../../core/autodiff/adamw.ts';
import { type ParameterArrays, sharesOf, type UpdateNumbers } from '../../core/autodiff/parameter-passes.ts';
import { isShared } from '../../core/tensor/shared.ts';
import type { Lanes, ParameterPass } from '../runtime/lanes.ts';

const allOf = (arrays: readonly ParameterArrays[]): Float32Array[] =>
  arrays.flatMap(({ weight, first, second, gradients }) => [weight, first, second, ...gradients]);

export class LaneOptimizer {
  readonly #optimizer: AdamW;
  readonly #lanes: Lanes;
  readonly #shares: readonly (readonly number[])[];
  /** What the lanes have. */
  #known: readonly Float32Array[] = [];

  constructor(optimizer: AdamW, lanes: Lanes) {
    this.#optimizer = optimizer;
    this.#lanes = lanes;
    const sizes = optimizer.arrays([]).map(({ weight }) => weight.length);
    this.#shares = sharesOf(sizes, lanes.count);
  }

  /** As AdamW.step. Arrays outside shared memory, or a single lane: in this thread. */
  async step(parts: readonly Arrays[], rates: (name: string) => number, count: number): Promise<number> {
    const arrays = this.#optimizer.arrays(parts);
    const all = allOf(arrays);
    if (this.#lanes.count === 1 || !all.every(isShared)) {
      return this.#optimizer.step(parts, rates, count);
    }
    if (all.length !== this.#known.length || all.some((array, i) => array !== this.#known[i])) {
      await this.#pass((share) => ({ pass: 'share', arrays: share.map((i) => arrays[i]) }));
      this.#known = all;
    }
    const sums = await this.#pass(() => ({ pass: 'sum' }));
    const squares: number[] = [];
    for (const [lane, share] of this.#shares.entries())
      for (const [k, i] of share.entries()) squares[i] = sums[lane][k];
    const { norm, numbers } = this.#optimizer.begin(squares, rates, count);
    await this.#pass((share) => ({ pass: 'update', numbers: numbersOf(share, numbers) }));
    return norm;
  }

  async #pass(of: (share: readonly number[]) => ParameterPass): Promise<(readonly number[])[]> {
    return (await this.#lanes.passes?.(this.#shares.map(of))) ?? [];
  }
}

const numbersOf = (share: readonly number[], numbers: UpdateNumbers): UpdateNumbers => ({
  ...numbers,
  keep: share.map((i) => numbers.keep[i]),
  rate: share.map((i) => numbers.rate[i]),
});
