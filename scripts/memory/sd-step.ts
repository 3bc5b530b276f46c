// One SeaS training step of a Stable Diffusion pack: whole U-Net or low-rank adapters, token table in both.

import { differentiated, type StepForm, type StepProgram } from '../../src/core/autodiff/step-program.ts';
import { namedRng } from '../../src/core/base/rng.ts';
import type { Value } from '../../src/core/graph/value.ts';
import { TOKEN_TABLE } from '../../src/core/nets/clip-text-model.ts';
import { initialAdapters, withAdapters } from '../../src/core/recipes/adapters.ts';
import type { DenoiseNetworks } from '../../src/core/recipes/pack/denoise-loss.ts';
import { maskPyramid } from '../../src/core/recipes/seas/mask-pyramid.ts';
import { pictureProgram } from '../../src/core/recipes/seas/picture-program.ts';
import { tokenSelection } from '../../src/core/recipes/seas/prompts.ts';
import type { SdPack } from '../../src/engine/packs/sd-pack.ts';
import { readTable } from '../../src/engine/packs/weight-source.ts';
import type { TensorData } from '../../src/engine/runtime/executable.ts';

type Arrays = Record<string, Float32Array>;
const TABLE = `text/${TOKEN_TABLE}`;
const ADDED_TOKENS = 5;
const SIDE = 64;
const LENGTH = 77;
/** Queries, keys, values and outputs of every attention layer. */
const isAttention = (name: string) => /\.attn[12]\.to_(q|k|v|out\.0)\.weight$/.test(name);

const networksOf = (pack: SdPack): DenoiseNetworks => ({
  unet: pack.unet.config,
  text: pack.text.config,
  addedTokens: ADDED_TOKENS,
});

export function sdProgram(
  pack: SdPack,
  rank: number,
): StepProgram & { readonly all: ReadonlyMap<string, Value> } {
  const options = { anomalies: 1, normals: 1, latentSize: SIDE, promptLength: LENGTH, tokensPerPrompt: 5 };
  const program = pictureProgram(networksOf(pack), { ...options, form: 'code' });
  const { parameters: all, boundaries, loss, terms } = program;
  if (rank === 0) {
    const parameters = new Map([...all].filter(([n]) => n.startsWith('unet/') || n === TABLE));
    return { ...program, parameters, all };
  }
  const kept = Object.fromEntries(boundaries.map((v, i) => [`at ${i}`, v]));
  const adapted = withAdapters({ loss, ...terms, ...kept }, rank, isAttention);
  const { outputs, b, adapters } = adapted;
  return {
    b,
    loss: outputs.loss,
    terms: Object.fromEntries(Object.keys(terms).map((name) => [name, outputs[name]])),
    boundaries: boundaries.map((_, i) => outputs[`at ${i}`]),
    parameters: new Map([...adapters, [TABLE, b.input(TABLE, (all.get(TABLE) as Value).shape)]]),
    all,
  };
}

/** Every weight of both networks, under graph names; the token table with its new rows. */
export function readWeights(pack: SdPack): Arrays {
  const weights: Arrays = {};
  for (const [prefix, network] of [
    ['unet/', pack.unet],
    ['text/', pack.text],
  ] as const) {
    const source = network.open();
    for (const [name, data] of Object.entries(readTable(source, network.table)))
      weights[prefix + name] = data;
    source.close();
  }
  const width = pack.text.config.hiddenSize;
  const table = new Float32Array(weights[TABLE].length + ADDED_TOKENS * width);
  table.set(weights[TABLE]);
  namedRng(0, 'rows').fillNormal(table.subarray(weights[TABLE].length));
  weights[TABLE] = table;
  return weights;
}

/** Splits weights into what is trained and what is only fed. */
export function split(
  program: ReturnType<typeof sdProgram>,
  weights: Arrays,
): { own: Arrays; fixed: Arrays } {
  const names = [...program.parameters.keys()];
  const isAdapter = (name: string) => name.includes('.lora_');
  const adapters = new Map([...program.parameters].filter(([name]) => isAdapter(name)));
  const own = {
    ...initialAdapters(adapters, (name) => namedRng(0, name)),
    ...Object.fromEntries(names.filter((n) => !isAdapter(n)).map((n) => [n, weights[n]])),
  };
  return { own, fixed: Object.fromEntries(Object.entries(weights).filter(([n]) => !own[n])) };
}

/** One anomaly and one normal picture: random latents and noise, a round mask, SeaS's prompts. */
export function sdBatch(pack: SdPack): Record<string, TensorData> {
  const rng = namedRng(0, 'batch');
  const size = 2 * 4 * SIDE * SIDE;
  const [sample, target] = [rng.fillNormal(new Float32Array(size)), rng.fillNormal(new Float32Array(size))];
  const first = pack.text.config.vocabSize;
  const [start, end, a, withWord] = [first - 2, first - 1, 320, 593];
  const anomaly = [first + 1, first + 2, first + 3, first + 4];
  const padded = (ids: number[]) => Array.from({ length: LENGTH }, (_, i) => ids[i] ?? end);
  const words = padded([start, a, first, withWord, ...anomaly]);
  const ids = Int32Array.from([...words, ...padded([start, a, first])]);
  const disc = Float32Array.from({ length: 512 * 512 }, (_, i) => {
    const [y, x] = [Math.floor(i / 512) - 200, (i % 512) - 280];
    return x * x + y * y < 90 * 90 ? 1 : 0;
  });
  const masks = maskPyramid({ data: disc, height: 512, width: 512 }, [SIDE, SIDE], [2, 4]);
  return {
    sample,
    target,
    timestep: Float32Array.of(400, 650),
    ids,
    selection: tokenSelection(words, LENGTH, [[first, ...anomaly]]),
    ...Object.fromEntries([...masks].map(([scale, { data }]) => [`mask_${scale}`, data])),
  };
}

export const SD_FORM: StepForm = { recompute: true, attentionBytes: 128 * 2 ** 20 };
export const sdStepProgram = (pack: SdPack, rank: number) => differentiated(sdProgram(pack, rank), SD_FORM);
