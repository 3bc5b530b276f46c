// One fine-tuning batch: rows of windows with holes, of whole anomalies and of whole normal windows.

import type { Rng } from '../../../core/base/rng.ts';
import {
  type DenoiseBatch,
  denoiseBatch,
  LATENT,
  LATENT_SIZE,
  WINDOW,
  writeExample,
} from '../../../core/recipes/pack/condition.ts';
import { maskPyramid } from '../../../core/recipes/seas/mask-pyramid.ts';
import { tokenSelection } from '../../../core/recipes/seas/prompts.ts';
import type { WindowProgramOptions } from '../../../core/recipes/seas/window-program.ts';
import { PACK_ALPHAS } from '../../packs/pack.ts';
import type { TensorData } from '../../runtime/executable.ts';
import type { ExampleSet, WholeExample } from './example-set.ts';
import type { ProductTokens } from './tokens.ts';

/** Chance that a row's words are dropped, which makes guidance possible. */
const DROPPED_WORDS = 0.1;
const ALL = new Uint8Array(WINDOW * WINDOW).fill(1);

export class BatchMaker {
  readonly #set: ExampleSet;
  readonly #product: ProductTokens;
  readonly #rows: WindowProgramOptions['rows'];
  readonly #scales: readonly number[];
  readonly #batch: DenoiseBatch;
  readonly #noise = new Float32Array(LATENT_SIZE);

  constructor(
    set: ExampleSet,
    product: ProductTokens,
    rows: WindowProgramOptions['rows'],
    scales: readonly number[],
  ) {
    this.#set = set;
    this.#product = product;
    this.#rows = rows;
    this.#scales = scales;
    this.#batch = denoiseBatch(rows.windows + rows.anomalies + rows.normals);
  }

  /** The batch of a step; every draw comes from the step's own stream. */
  make(rng: Rng): Record<string, TensorData> {
    const { windows, anomalies, normals } = this.#rows;
    for (let k = 0; k < windows; k++) {
      const example = rng.pick(this.#set.windows);
      const prompt = rng.chance(DROPPED_WORDS) ? this.#product.unconditional : example.prompt;
      writeExample(
        this.#batch,
        k,
        { ...example, prompt },
        rng.int(1000),
        rng.fillNormal(this.#noise),
        PACK_ALPHAS,
      );
    }
    const chosen = Array.from({ length: anomalies }, () => rng.pick(this.#set.anomalies));
    chosen.forEach((example, i) => {
      this.#writeWhole(windows + i, example, this.#product.anomaly[example.type], rng);
    });
    for (let i = 0; i < normals; i++) {
      const prompt = rng.chance(DROPPED_WORDS) ? this.#product.unconditional : this.#product.normal;
      this.#writeWhole(windows + anomalies + i, rng.pick(this.#set.normals), prompt, rng);
    }
    const { sample, timestep, ids, target, weight } = this.#batch;
    const anomalyIds = ids.subarray(windows * 8, (windows + anomalies) * 8);
    return {
      sample,
      timestep,
      ids,
      target,
      weight: weight.subarray(0, windows * LATENT * LATENT),
      selection: tokenSelection(
        anomalyIds,
        8,
        chosen.map((c) => this.#product.wanted[c.type]),
      ),
      ...this.#masks(chosen),
    };
  }

  #writeWhole(k: number, example: WholeExample, prompt: readonly number[], rng: Rng): void {
    const row = { latent: example.latent, condition: this.#set.blank, mask: ALL, hole: ALL, prompt };
    writeExample(this.#batch, k, row, rng.int(1000), rng.fillNormal(this.#noise), PACK_ALPHAS);
  }

  #masks(chosen: readonly WholeExample[]): Record<string, Float32Array> {
    const data = new Float32Array(chosen.length * WINDOW * WINDOW);
    chosen.forEach((c, i) => {
      data.set(c.mask, i * WINDOW * WINDOW);
    });
    const pyramid = maskPyramid({ data, height: WINDOW, width: WINDOW }, [LATENT, LATENT], this.#scales);
    return Object.fromEntries(this.#scales.map((s) => [`mask_${s}`, pyramid.get(s)?.data as Float32Array]));
  }
}
