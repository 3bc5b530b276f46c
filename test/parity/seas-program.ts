// SeaS's training step as one program: text encoder, U-Net, loss of one form, and every gradient.

import { gradients } from '../../src/core/autodiff/gradients.ts';
import { addNoise } from '../../src/core/diffusion/noising.ts';
import { levelAt } from '../../src/core/diffusion/parametrisation.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Value } from '../../src/core/graph/value.ts';
import { clipTextModel, TOKEN_TABLE } from '../../src/core/nets/clip-text-model.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { unet } from '../../src/core/nets/unet-2d-condition.ts';
import { type AttentionForm, attentionMaps } from '../../src/core/recipes/seas/attention-maps.ts';
import { seasLoss } from '../../src/core/recipes/seas/losses.ts';
import { type MaskStack, maskPyramid } from '../../src/core/recipes/seas/mask-pyramid.ts';
import { tokenSelection } from '../../src/core/recipes/seas/prompts.ts';
import { compile, type Executable } from '../../src/engine/runtime/executable.ts';
import { type Golden, openGolden } from './golden.ts';
import {
  type Feeds,
  loadText,
  loadUnet,
  parameterFeeds,
  THREADS,
  type Weights,
  withAddedTokens,
} from './models.ts';
import { modelFolder, modelScheduler } from './sampler-index.ts';

/** Everything the forms share, made on the host from the batch file as the product would. */
export interface SeasBatch {
  readonly golden: Golden;
  /** All inputs that are no parameters. */
  readonly feeds: Feeds;
  /** Map sizes that take part, as latent / scale. */
  readonly scales: readonly number[];
  /** Masks by scale, 1 included. */
  readonly masks: ReadonlyMap<number, MaskStack>;
  /** Shape of the token selection [B,T,L]. */
  readonly selection: readonly number[];
  readonly addedTokens: number;
  readonly text: ReturnType<typeof loadText>;
  readonly net: ReturnType<typeof loadUnet>;
  /** Trainable parameters by the fixture's names (`unet.*`, `token_embedding`), and the rest by input name. */
  readonly parameters: Weights;
}

export const TOKENS = 'token_embedding';
/** The product's token in the fixture's prompts. */
const OBJECT = 'ob1';

/** Per anomaly prompt: the product's token, then the anomaly tokens in the order they stand in it. */
function wantedTokens(
  ids: Int32Array,
  items: number,
  length: number,
  objectId: number,
  anomalyIds: ReadonlySet<number>,
): number[][] {
  return Array.from({ length: items }, (_, i) => {
    const prompt = ids.subarray(i * length, (i + 1) * length);
    return [objectId, ...new Set(prompt.filter((id) => anomalyIds.has(id)))];
  });
}

export function seasBatch(dir: string): SeasBatch {
  const golden = openGolden(dir, 'gradients/seas_batch.safetensors');
  const added = openGolden(dir, 'forward/text.safetensors');
  const folder = modelFolder(dir);
  const [text, net] = [loadText(dir, folder), loadUnet(dir, folder)];
  const names = added.meta.added as string[];
  const idOf = (name: string): number => Number(added.meta.base_vocab) + names.indexOf(name);
  const anomalyIds = new Set(names.filter((name) => name !== OBJECT).map(idOf));
  const scales = golden.names.flatMap((name) => (/^M_\d+$/.test(name) ? [Number(name.slice(2))] : []));
  scales.sort((x, y) => x - y);
  const [anomalies, , height, width] = golden.shape('mask');
  const [items, , h, w] = golden.shape('latents');
  const masks = maskPyramid({ data: golden.float32('mask'), height, width }, [h, w], [1, ...scales]);
  const ids = golden.int32('input_ids');
  const length = ids.length / items;
  const wanted = wantedTokens(ids, anomalies, length, idOf(OBJECT), anomalyIds);
  const { alphasCumprod } = modelScheduler(dir).schedule;
  const size = golden.float32('latents').length / items;
  const part = (name: string, i: number): Float32Array =>
    golden.float32(name).subarray(i * size, (i + 1) * size);
  const timesteps = golden.int32('timesteps');
  const noisy = Float32Array.from(
    Array.from(timesteps, (t, i) => [
      ...addNoise(part('latents', i), part('noise', i), levelAt(alphasCumprod[t])),
    ]).flat(),
  );
  const feeds: Feeds = {
    z_t: noisy,
    noise: golden.float32('noise'),
    timesteps: Float32Array.from(timesteps),
    input_ids: ids,
    selection: tokenSelection(ids, length, wanted),
  };
  for (const scale of scales) feeds[`mask_${scale}`] = (masks.get(scale) as MaskStack).data;
  const table = withAddedTokens(text.weights, added.float32('token_embedding.added'))[TOKEN_TABLE];
  const parameters = Object.fromEntries(Object.entries(net.weights).map(([n, v]) => [`unet.${n}`, v]));
  parameters[TOKENS] = table;
  const selection = [anomalies, wanted[0].length, length];
  added.close();
  const addedTokens = names.length;
  return { golden, feeds, scales, masks, selection, addedTokens, text, net, parameters };
}

export interface SeasProgram {
  readonly executable: Executable;
  /** Weights of the frozen part. */
  readonly frozen: Feeds;
  /** Feeds of the trainable parameters from their fixture names. */
  trainable(parameters: Readonly<Weights>): Feeds;
}

/** Outputs: loss, terms, prediction, A_ob_r and A_df_r, `grad.NAME` for every trainable parameter. */
export async function seasProgram(batch: SeasBatch, form: AttentionForm): Promise<SeasProgram> {
  const b = new Builder();
  const [su, st] = [new Scope(b, 'unet.'), new Scope(b, 'text.')];
  const { golden, scales, selection } = batch;
  const shape = golden.shape('latents');
  const [, , h, w] = shape;
  const ids = b.input('input_ids', golden.shape('input_ids'), 'int32');
  const text = clipTextModel(st, ids, batch.text.config, { addedTokens: batch.addedTokens });
  const sample = b.input('z_t', shape);
  const timestep = b.input('timesteps', [shape[0]]);
  const net = unet(su, { sample, timestep, encoderHiddenStates: text.lastHiddenState }, batch.net.config);
  const chosen = b.input('selection', selection);
  const masks = scales.map((scale) => ({
    scale,
    mask: b.input(`mask_${scale}`, [selection[0], 1, h / scale, w / scale]),
  }));
  const inputs = {
    prediction: net.sample,
    target: b.input('noise', shape),
    attention: net.attention,
    selection: chosen,
    masks,
  };
  const { loss, terms } = seasLoss(b, inputs, { form, epsilon: 0 });
  const outputs: Record<string, Value> = { loss, ...terms, prediction: net.sample };
  for (const scale of scales) {
    const maps = attentionMaps(b, net.attention, {
      form,
      latent: [h, w],
      scale,
      selection: chosen,
      epsilon: 0,
    });
    outputs[`A_ob_${scale}`] = maps.object;
    outputs[`A_df_${scale}`] = maps.defect;
  }
  const trained = new Map([...su.table].map(([name, value]) => [`unet.${name}`, value]));
  trained.set(TOKENS, st.param(TOKEN_TABLE, st.table.get(TOKEN_TABLE)?.shape ?? []));
  const grads = gradients(b, loss, [...trained.values()]);
  [...trained.keys()].forEach((name, i) => {
    const grad = grads[i];
    if (grad) outputs[`grad.${name}`] = grad;
  });
  const table = batch.parameters[TOKENS];
  const executable = await compile({ outputs }, { threads: THREADS });
  return {
    executable,
    frozen: parameterFeeds(st.table, { ...batch.text.weights, [TOKEN_TABLE]: table }),
    trainable: ({ [TOKENS]: tokens, ...rest }) => ({ ...rest, [`text.${TOKEN_TABLE}`]: tokens }),
  };
}
