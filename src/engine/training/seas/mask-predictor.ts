// RMP at inference: mean of the anomaly maps over some noise levels, then a threshold (methods.md 1.7).

import { Builder } from '../../../core/graph/builder.ts';
import { packMaskNetwork } from '../../../core/nets/pack-mask-network.ts';
import { Scope } from '../../../core/nets/scope.ts';
import type { UnetConfig } from '../../../core/nets/unet-2d-condition.ts';
import { WINDOW } from '../../../core/recipes/pack/condition.ts';
import { bilinearMask } from '../../../core/recipes/seas/mask-pyramid.ts';
import { type CompileOptions, compile, type Executable } from '../../runtime/executable.ts';
import { DECODER_SHAPE, type TappedFeatures, upBlockShapes } from './feature-tap.ts';

export const MASK_THRESHOLD = 0.2;
const FINE = DECODER_SHAPE[1];

export class MaskPredictor {
  readonly #executable: Executable;
  readonly #items: number;

  private constructor(executable: Executable, items: number) {
    this.#executable = executable;
    this.#items = items;
  }

  static async create(
    unet: UnetConfig,
    weights: Readonly<Record<string, Float32Array>>,
    items: number,
    options: CompileOptions,
  ): Promise<MaskPredictor> {
    const s = new Scope(new Builder());
    const upBlocks = upBlockShapes(unet).map((shape, i) => s.b.input(`f${i + 1}`, [items, ...shape]));
    const decoder = [s.b.input('v0', [items, ...DECODER_SHAPE])];
    const { fine } = packMaskNetwork(s, { upBlocks, decoder }, 'running');
    const map = s.b.narrow(fine, 1, 1, 1);
    const executable = await compile({ outputs: { map } }, options);
    await executable.hold(weights);
    return new MaskPredictor(executable, items);
  }

  /** Anomaly probability [items,64,64]. */
  async map(features: TappedFeatures): Promise<Float32Array> {
    const { map } = await this.#executable.run({ ...features });
    return map as Float32Array;
  }

  /** Masks [128,128] 0/1 of the mean of several maps. */
  masks(maps: readonly Float32Array[]): Uint8Array[] {
    const mean = new Float32Array(maps[0].length);
    for (const map of maps) for (let i = 0; i < mean.length; i++) mean[i] += map[i] / maps.length;
    const large = bilinearMask({ data: mean, height: FINE, width: FINE }, WINDOW, WINDOW).data;
    return Array.from({ length: this.#items }, (_, k) =>
      Uint8Array.from(large.subarray(k * WINDOW * WINDOW, (k + 1) * WINDOW * WINDOW), (v) =>
        v > MASK_THRESHOLD ? 1 : 0,
      ),
    );
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}
