// The SeaS training graph on a whole-picture pack (Stable Diffusion 1.x): anomalies first, then normal pictures.

import { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { Scope } from '../../nets/scope.ts';
import { type DenoiseNetworks, denoise, denoiseInputs } from '../pack/denoise-loss.ts';
import { type AttentionForm, attentionScales } from './attention-maps.ts';
import { type DefectRegion, seasLoss } from './losses.ts';
import { joinTables } from './window-program.ts';

/** Latent size / map size of SeaS's attention terms: its "32" and "16" of a 64x64 latent. */
const MAP_SCALES: readonly number[] = [2, 4];

export interface PictureProgramOptions {
  readonly anomalies: number;
  readonly normals: number;
  readonly latentSize: number;
  readonly promptLength: number;
  readonly tokensPerPrompt: number;
  readonly form: AttentionForm;
  /** Default `full`, as released for MVTec AD. */
  readonly region?: DefectRegion;
  /** Weights of the terms; the released code has 1 everywhere. */
  readonly weights?: { readonly normal?: number; readonly alignment?: number };
}

export interface PictureProgram {
  readonly b: Builder;
  readonly loss: Value;
  readonly terms: Readonly<Record<string, Value>>;
  /** `unet/...` and `text/...`. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Latent size / map size of the attention terms: inputs `mask_<scale>`. */
  readonly scales: readonly number[];
  /** Where activations are kept when the rest is computed again, in order of evaluation. */
  readonly boundaries: readonly Value[];
}

/** SeaS's scales where the U-Net has them, else all it has cross-attention at; SeaS's own where it has none. */
function scalesOf(available: readonly number[]): readonly number[] {
  const usual = available.filter((scale) => MAP_SCALES.includes(scale));
  if (usual.length > 0) return usual;
  return available.length > 0 ? available : MAP_SCALES;
}

/**
 * L = L_df + L_NA + DA_2 + DA_4. Inputs: sample [N,C,h,w], timestep [N], ids [N,L] int32, target [N,C,h,w],
 * selection [A,T,L], mask_<scale> [A,1,h/scale,w/scale].
 */
export function pictureProgram(networks: DenoiseNetworks, options: PictureProgramOptions): PictureProgram {
  const { anomalies, normals, latentSize, promptLength, tokensPerPrompt, form, region, weights } = options;
  const b = new Builder();
  const [unetScope, textScope] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const n = anomalies + normals;
  const inputs = denoiseInputs(b, n, networks.unet, latentSize, promptLength);
  const result = denoise(unetScope, textScope, inputs, networks);
  const scales = scalesOf(attentionScales(result.attention, latentSize, form));
  const { loss, terms } = seasLoss(
    b,
    {
      prediction: result.sample,
      target: b.input('target', [n, result.sample.shape[1], latentSize, latentSize]),
      attention: result.attention,
      selection: b.input('selection', [anomalies, tokensPerPrompt, promptLength]),
      masks: scales.map((scale) => ({
        scale,
        mask: b.input(`mask_${scale}`, [anomalies, 1, latentSize / scale, latentSize / scale]),
      })),
    },
    { form, region, weights },
  );
  return {
    b,
    loss,
    terms,
    parameters: joinTables(unetScope, textScope),
    scales,
    boundaries: Object.values(result.activations),
  };
}
