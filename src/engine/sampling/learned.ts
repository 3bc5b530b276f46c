// What a fine-tune left behind, opened for generation: networks, weights, prompts and the working scale.

import { AppError } from '../../core/base/errors.ts';
import { TOKEN_TABLE } from '../../core/nets/clip-text-model.ts';
import { mergeAdapters } from '../../core/recipes/adapters.ts';
import type { DenoiseNetworks } from '../../core/recipes/pack/denoise-loss.ts';
import type { ProductKind } from '../../core/recipes/windows/foreground.ts';
import { fixedScale, type WorkingScale } from '../../core/recipes/windows/working-scale.ts';
import { openPack, type Pack, type PackWeights } from '../packs/pack.ts';
import { verifyWeights } from '../packs/verify-weights.ts';
import type { GenerateRequest } from '../services.ts';
import { networksOf, readWeightsFile, startWeights } from '../training/seas/networks.ts';
import { type ProductTokens, productTokens } from '../training/seas/tokens.ts';

export interface Learned {
  readonly pack: Pack;
  readonly base: PackWeights;
  readonly networks: DenoiseNetworks;
  /** `unet/...` and `text/...`. */
  readonly weights: Record<string, Float32Array>;
  /** Empty where none was trained: a proof without `seas`. */
  readonly maskNetwork: Record<string, Float32Array>;
  readonly product: ProductTokens;
  readonly types: readonly string[];
  readonly scale: WorkingScale;
  readonly kind: ProductKind;
  readonly white: number;
}

/** Type and slot a name stands for: a type means all its slots, `sksN` one of them. */
function slotsOf(
  learned: Pick<Learned, 'types' | 'product'>,
  name: string,
): { type: number; slots: number[] } {
  const anomaly = learned.product.tokens.anomaly;
  const type = learned.types.indexOf(name);
  if (type >= 0) return { type, slots: anomaly[type].map((_, i) => i) };
  const owner = anomaly.findIndex((names) => names.includes(name));
  if (owner >= 0) return { type: owner, slots: [anomaly[owner].indexOf(name)] };
  throw new AppError('usage', `--attributes: there is no defect type or token "${name}"`, {
    hint: `Known: ${[...learned.types, ...anomaly.flat()].join(', ')}.`,
  });
}

/**
 * Mixes anomaly tokens: each slot of `type`'s prompt becomes the weighted mean of that slot's tokens of the named
 * types (or of single tokens). Slots nobody names keep their own token.
 */
export function mixAttributes(
  learned: Pick<Learned, 'types' | 'product' | 'weights'> & {
    readonly pack: { readonly text: Pick<Pack['text'], 'hiddenSize'> };
  },
  type: number,
  attributes: Readonly<Record<string, number>>,
): void {
  const width = learned.pack.text.hiddenSize;
  const table = learned.weights[`text/${TOKEN_TABLE}`];
  const before = table.slice();
  const rowOf = (t: number, slot: number) => learned.product.wanted[t][slot + 1] * width;
  const sums = new Map<number, { row: Float64Array; weight: number }>();
  for (const [name, weight] of Object.entries(attributes)) {
    const { type: from, slots } = slotsOf(learned, name);
    for (const slot of slots) {
      const sum = sums.get(slot) ?? { row: new Float64Array(width), weight: 0 };
      for (let k = 0; k < width; k++) sum.row[k] += weight * before[rowOf(from, slot) + k];
      sum.weight += weight;
      sums.set(slot, sum);
    }
  }
  for (const [slot, { row, weight }] of sums) {
    if (!(weight > 0))
      throw new AppError('usage', '--attributes: the weights of a slot must add up to more than 0');
    for (let k = 0; k < width; k++) table[rowOf(type, slot) + k] = row[k] / weight;
  }
}

/** The fine-tuned weights, or the pack's with the adapters added. */
function learnedWeights(
  files: Readonly<Record<string, string>>,
  pack: Pack,
  base: PackWeights,
  product: ProductTokens,
  adapterRank: number,
): Record<string, Float32Array> {
  if (adapterRank === 0) return readWeightsFile(files['weights.safetensors']);
  const weights = startWeights(pack, base, product);
  const { [`text/${TOKEN_TABLE}`]: table, ...adapters } = readWeightsFile(files['adapters.safetensors']);
  weights[`text/${TOKEN_TABLE}`] = table;
  mergeAdapters(weights, adapters, adapterRank);
  return weights;
}

export function openLearned(request: GenerateRequest): Learned {
  const { tokenSet } = request;
  if (!tokenSet)
    throw new AppError('usage', 'this generator needs a fine-tune', { hint: 'Run "flawsmith train" first.' });
  const pack = openPack(request.pack.path);
  const types = tokenSet.types;
  const product = productTokens(pack, types.length);
  const base = verifyWeights(pack, pack.weights());
  const config = tokenSet.config as {
    adapterRank: number;
    windowPx: number;
    typicalPx: number;
    kind: ProductKind;
    white: number;
  };
  const learned: Learned = {
    pack,
    base,
    networks: networksOf(pack, product),
    weights: learnedWeights(tokenSet.files, pack, base, product, config.adapterRank),
    maskNetwork:
      'rmp.safetensors' in tokenSet.files ? readWeightsFile(tokenSet.files['rmp.safetensors']) : {},
    product,
    types,
    scale: fixedScale(pack.workingSize / config.windowPx, pack.workingSize, config.typicalPx),
    kind: config.kind,
    white: config.white,
  };
  if (request.type !== null) mixAttributes(learned, types.indexOf(request.type), request.attributes);
  return learned;
}
