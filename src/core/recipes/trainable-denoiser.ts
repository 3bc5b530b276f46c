// A denoiser with its text encoder as a training step: trained are new tokens, and adapters or the whole U-Net if wanted.

import type { StepProgram } from '../autodiff/step-program.ts';
import { Builder } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { TOKEN_TABLE } from '../nets/clip-text-model.ts';
import { Scope } from '../nets/scope.ts';
import { withAdapters } from './adapters.ts';
import { type DenoiseNetworks, denoise, denoiseInputs } from './pack/denoise-loss.ts';
import { TOKEN_ROWS, withTokenRows } from './token-rows.ts';

export const TABLE = `text/${TOKEN_TABLE}`;

export interface DenoiserShape {
  readonly networks: DenoiseNetworks;
  /** Rows of a micro-batch. */
  readonly rows: number;
  readonly latentSize: number;
  readonly promptLength: number;
  /** Tokens behind the vocabulary, trained. */
  readonly added: number;
  /** `tokens`: nothing else (textual inversion); a number: low-rank adapters of that rank; `whole`: the U-Net itself. */
  readonly trained: 'tokens' | 'whole' | number;
}

export interface TrainableDenoiser {
  readonly step: StepProgram;
  readonly adapters: ReadonlyMap<string, Value>;
  /** Weights that are fed and stay as they are. */
  readonly frozen: readonly string[];
}

/** `loss` is told the prediction [N,C,h,w]; inputs `sample`, `timestep`, `ids` and what the loss declares. */
export function trainableDenoiser(
  shape: DenoiserShape,
  loss: (b: Builder, prediction: Value) => Value,
): TrainableDenoiser {
  const { networks, rows, latentSize, promptLength, added, trained } = shape;
  const first = new Builder();
  const [unet, text] = [new Scope(first, 'unet/'), new Scope(first, 'text/')];
  const inputs = denoiseInputs(first, rows, networks.unet, latentSize, promptLength);
  const result = denoise(unet, text, inputs, networks);
  const boundaries = Object.values(result.activations);
  const kept = Object.fromEntries(boundaries.map((v, i) => [`boundary ${i}`, v]));
  const outputs = { loss: loss(first, result.sample), ...kept };
  const rank = typeof trained === 'number' ? trained : 0;
  const adapted =
    rank > 0
      ? withAdapters(outputs, rank, (name) => name.startsWith('unet/'))
      : { outputs, adapters: new Map<string, Value>() };
  const { b, outputs: final } = withTokenRows(adapted.outputs, TABLE, added);
  const again = (name: string, v: Value): [string, Value] => [name, b.input(name, v.shape)];
  const own: [string, Value][] =
    trained === 'whole'
      ? [...unet.table].map(([name, v]) => again(`unet/${name}`, v))
      : [...adapted.adapters].map(([name, v]) => again(name, v));
  const width = networks.text.hiddenSize;
  const tokens = added > 0 ? [[TOKEN_ROWS, b.input(TOKEN_ROWS, [added, width])] as const] : [];
  const parameters = new Map([...own, ...tokens]);
  const all = [
    ...[...unet.table.keys()].map((n) => `unet/${n}`),
    ...[...text.table.keys()].map((n) => `text/${n}`),
  ];
  return {
    step: {
      b,
      loss: final.loss,
      terms: {},
      parameters,
      boundaries: boundaries.map((_, i) => final[`boundary ${i}`]),
    },
    adapters: adapted.adapters,
    frozen: all.filter((name) => !parameters.has(name)),
  };
}
