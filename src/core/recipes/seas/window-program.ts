// The fine-tuning graph on a window pack: mask-conditioned windows and SeaS's whole windows in one batch.

import { Builder } from '../../graph/builder.ts';
import type { Value } from '../../graph/value.ts';
import { Scope } from '../../nets/scope.ts';
import { type DenoiseNetworks, denoise, denoiseInputs, weightedError } from '../pack/denoise-loss.ts';
import { type AttentionForm, attentionScales } from './attention-maps.ts';
import { seasLoss } from './losses.ts';

export interface WindowProgramOptions {
  /** Rows of the batch, in this order: windows with a hole, whole anomalies, whole normal windows. */
  readonly rows: { readonly windows: number; readonly anomalies: number; readonly normals: number };
  readonly latentSize: number;
  readonly promptLength: number;
  readonly tokensPerPrompt: number;
  readonly form: AttentionForm;
  /** Weight of the attention terms. */
  readonly alignment: number;
}

export interface WindowProgram {
  readonly b: Builder;
  readonly loss: Value;
  readonly terms: Readonly<Record<string, Value>>;
  /** `unet/...` and `text/...`. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Latent size / map size of the attention terms: inputs `mask_<scale>` [A,1,.,.]. */
  readonly scales: readonly number[];
  /** Activations worth keeping when the others are computed again. */
  readonly boundaries: readonly Value[];
}

/** Parameters of both networks under the names their graph inputs have. */
export function joinTables(unet: Scope, text: Scope): Map<string, Value> {
  return new Map([
    ...[...unet.table].map(([n, v]) => [`unet/${n}`, v] as const),
    ...[...text.table].map(([n, v]) => [`text/${n}`, v] as const),
  ]);
}

/**
 * L = windows + L_df + L_NA + alignment (DA_2 + DA_4). Inputs: sample, timestep, ids, target [N,4,h,w],
 * weight [windows,1,h,w], selection [A,T,L], mask_<scale>.
 */
export function windowProgram(networks: DenoiseNetworks, options: WindowProgramOptions): WindowProgram {
  const { rows, latentSize, promptLength, tokensPerPrompt, form, alignment } = options;
  const b = new Builder();
  const [unetScope, textScope] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const n = rows.windows + rows.anomalies + rows.normals;
  const inputs = denoiseInputs(b, n, networks.unet, latentSize, promptLength);
  const result = denoise(unetScope, textScope, inputs, networks);
  const channels = result.sample.shape[1];
  const target = b.input('target', [n, channels, latentSize, latentSize]);
  const weight = b.input('weight', [rows.windows, 1, latentSize, latentSize]);
  const first = (v: Value) => b.narrow(v, 0, 0, rows.windows);
  const rest = (v: Value) => b.narrow(v, 0, rows.windows, n - rows.windows);
  const windows = weightedError(b, first(result.sample), first(target), weight);
  const taps = result.attention.map((tap) => ({ ...tap, q: rest(tap.q), k: rest(tap.k) }));
  const scales = attentionScales(taps, latentSize, form);
  const seas = seasLoss(
    b,
    {
      prediction: rest(result.sample),
      target: rest(target),
      attention: taps,
      selection: b.input('selection', [rows.anomalies, tokensPerPrompt, promptLength]),
      masks: scales.map((scale) => ({
        scale,
        mask: b.input(`mask_${scale}`, [rows.anomalies, 1, latentSize / scale, latentSize / scale]),
      })),
    },
    { form, region: 'any', weights: { alignment } },
  );
  return {
    b,
    loss: b.add(windows, seas.loss),
    terms: { windows, ...seas.terms },
    parameters: joinTables(unetScope, textScope),
    scales,
    boundaries: Object.values(result.activations),
  };
}
