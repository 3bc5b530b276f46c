// The SeaS training graph on a whole-picture pack (Stable Diffusion 1.x): anomalies first, then normal pictures.

import { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { Scope } from '../../nets/scope.ts';
import { type DenoiseNetworks, denoise, denoiseInputs } from '../pack/denoise-loss.ts';
import type { AttentionForm } from './attention-maps.ts';
import { seasLoss } from './losses.ts';
import { joinTables } from './window-program.ts';

/** Latent size / map size of SeaS's attention terms: its "32" and "16" of a 64x64 latent. */
const MAP_SCALES = [2, 4] as const;

export interface PictureProgramOptions {
  readonly anomalies: number;
  readonly normals: number;
  readonly latentSize: number;
  readonly promptLength: number;
  readonly tokensPerPrompt: number;
  readonly form: AttentionForm;
}

export interface PictureProgram {
  readonly b: Builder;
  readonly loss: Value;
  readonly terms: Readonly<Record<string, Value>>;
  /** `unet/...` and `text/...`. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly scales: readonly number[];
  /** Where activations are kept when the rest is computed again, in order of evaluation. */
  readonly boundaries: readonly Value[];
}

/**
 * L = L_df + L_NA + DA_2 + DA_4. Inputs: sample [N,C,h,w], timestep [N], ids [N,L] int32, target [N,C,h,w],
 * selection [A,T,L], mask_<scale> [A,1,h/scale,w/scale].
 */
export function pictureProgram(networks: DenoiseNetworks, options: PictureProgramOptions): PictureProgram {
  const { anomalies, normals, latentSize, promptLength, tokensPerPrompt, form } = options;
  const b = new Builder();
  const [unetScope, textScope] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const n = anomalies + normals;
  const inputs = denoiseInputs(b, n, networks.unet, latentSize, promptLength);
  const result = denoise(unetScope, textScope, inputs, networks);
  const { loss, terms } = seasLoss(
    b,
    {
      prediction: result.sample,
      target: b.input('target', [n, result.sample.shape[1], latentSize, latentSize]),
      attention: result.attention,
      selection: b.input('selection', [anomalies, tokensPerPrompt, promptLength]),
      masks: MAP_SCALES.map((scale) => ({
        scale,
        mask: b.input(`mask_${scale}`, [anomalies, 1, latentSize / scale, latentSize / scale]),
      })),
    },
    { form },
  );
  return {
    b,
    loss,
    terms,
    parameters: joinTables(unetScope, textScope),
    scales: MAP_SCALES,
    boundaries: Object.values(result.activations),
  };
}
