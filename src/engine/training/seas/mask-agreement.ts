// How well RMP finds real defects it never saw: IoU pooled over the pixels of held-out windows.

import { namedRng } from '../../../core/base/rng.ts';
import type { JsonObject } from '../../../core/domain/json.ts';
import { maskArea } from '../../../core/image/raster.ts';
import { normalizeLatents } from '../../../core/recipes/pack/condition.ts';
import type { WindowExample } from '../../../core/recipes/windows/window-example.ts';
import { type Hold, releasing } from '../../runtime/releasing.ts';
import { WindowEncoder } from '../window-encoder.ts';
import { toSigned } from './example-set.ts';
import { FeatureTap } from './feature-tap.ts';
import type { MaskTraining } from './mask-network.ts';
import { MaskPredictor } from './mask-predictor.ts';

/** Windows looked at together. */
export const ITEMS = 8;
const WINDOWS = 24;
/** The last three of 25 linspace steps, where generation reads its masks. */
export const MASK_TIMESTEPS = [120, 80, 40] as const;

export async function measureMaskAgreement(
  input: MaskTraining,
  weights: Readonly<Record<string, Float32Array>>,
): Promise<JsonObject> {
  const windows = input.heldDrawn.filter((d) => maskArea(d.mask) > 0).slice(0, WINDOWS);
  if (windows.length < ITEMS) return { iou: null, windows: 0, steps: input.steps };
  const iou = await releasing((hold) => pooledIou(input, weights, windows, hold));
  return { iou, windows: windows.length, steps: input.steps };
}

async function pooledIou(
  input: MaskTraining,
  weights: Readonly<Record<string, Float32Array>>,
  windows: readonly WindowExample[],
  hold: Hold,
): Promise<number | null> {
  const encoder = hold(await WindowEncoder.create(input.base.autoencoder, input.compile));
  const tap = hold(await FeatureTap.create(input, ITEMS, ITEMS));
  const predictor = hold(await MaskPredictor.create(input.networks.unet, weights, ITEMS, input.compile));
  let both = 0;
  let either = 0;
  for (let at = 0; at + ITEMS <= windows.length; at += ITEMS) {
    const part = windows.slice(at, at + ITEMS);
    const latents = (await encoder.encode(part.map((d) => toSigned(d.image)))).map((z) =>
      normalizeLatents(z, input.pack.latentScale),
    );
    const prompts = part.map((d) => input.product.anomaly[input.types.indexOf(d.type)]);
    const maps: Float32Array[] = [];
    for (const t of MASK_TIMESTEPS) {
      const rng = namedRng(0, `mask agreement ${at} ${t}`);
      maps.push(
        await predictor.map(
          await tap.noised(
            latents,
            prompts,
            part.map(() => t),
            rng,
          ),
        ),
      );
    }
    predictor.masks(maps).forEach((mask, k) => {
      const truth = part[k].mask.data;
      for (let i = 0; i < mask.length; i++) {
        both += mask[i] & truth[i];
        either += mask[i] | truth[i];
      }
    });
  }
  return either > 0 ? both / either : null;
}
