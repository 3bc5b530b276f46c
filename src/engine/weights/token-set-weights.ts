// A token set opened for saving it in other programs' forms: base and learned weights, tokens and their rows.

import { AppError } from '../../core/base/errors.ts';
import { TOKEN_TABLE } from '../../core/nets/clip-text-model.ts';
import { textTable, unetTable } from '../../core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { mergeAdapters } from '../../core/recipes/adapters.ts';
import { anomalyPrompt, normalPrompt } from '../../core/recipes/seas/prompts.ts';
import { openPack, type Pack } from '../packs/pack.ts';
import { verifyWeights } from '../packs/verify-weights.ts';
import type { PackInfo, TokenSet } from '../services.ts';
import { readWeightsFile } from '../training/seas/networks.ts';
import { type ProductTokens, productTokens } from '../training/seas/tokens.ts';

type Weights = Record<string, Float32Array>;

export interface TokenSetWeights {
  readonly pack: Pack;
  readonly product: ProductTokens;
  readonly types: readonly string[];
  readonly unet: { readonly table: ParameterTable; readonly base: Weights };
  /** Table with the added rows. */
  readonly text: { readonly table: ParameterTable; readonly weights: Weights };
  /** The learned token table, [rows,width]. */
  readonly tokenRows: Float32Array;
  /** Rank of the adapters; 0 where the whole U-Net was trained. */
  readonly adapterRank: number;
  /** `NAME.lora_up` and `NAME.lora_down` by state-dict name; empty for a whole U-Net. */
  readonly adapters: Weights;
  /** The U-Net as trained (adapters added), by state-dict name. */
  learnedUnet(): Weights;
  /** Prompt of the good product and of each type, as it was trained. */
  readonly prompts: { readonly normal: string; readonly types: Readonly<Record<string, string>> };
}

/** Keys that start with `prefix`, without it. */
function part(weights: Readonly<Weights>, prefix: string): Weights {
  return Object.fromEntries(
    Object.entries(weights)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, data]) => [name.slice(prefix.length), data]),
  );
}

/** Opens a fine-tune on the pack it was trained on. Throws unsupported where the method leaves no such weights. */
export function openTokenSet(set: TokenSet, info: PackInfo): TokenSetWeights {
  const pack = openPack(info.path);
  const base = verifyWeights(pack, pack.weights());
  const product = productTokens(pack, set.types.length);
  const adapterRank = Number(set.config.adapterRank ?? 0);
  const name = adapterRank > 0 ? 'adapters.safetensors' : 'weights.safetensors';
  if (set.files[name] === undefined) {
    throw new AppError('unsupported', `the token set holds no ${name}, so it cannot be saved in this form`, {
      hint: 'Only fine-tunes by "train --method seas" can.',
    });
  }
  const files = readWeightsFile(set.files[name]);
  const adapters = adapterRank > 0 ? part(files, 'unet/') : {};
  const tokenRows = files[`text/${TOKEN_TABLE}`];
  const addedTokens = product.tokenizer.vocabSize - pack.text.vocabSize;
  const { tokens } = product;
  return {
    pack,
    product,
    types: set.types,
    unet: { table: unetTable(pack.unet), base: base.unet },
    text: { table: textTable(pack.text, addedTokens), weights: { ...base.text, [TOKEN_TABLE]: tokenRows } },
    tokenRows,
    adapterRank,
    adapters,
    learnedUnet: () =>
      adapterRank > 0 ? withAdapters(base.unet, adapters, adapterRank) : part(files, 'unet/'),
    prompts: {
      normal: normalPrompt(tokens),
      types: Object.fromEntries(set.types.map((type, t) => [type, anomalyPrompt(tokens, t)])),
    },
  };
}

function withAdapters(base: Readonly<Weights>, adapters: Readonly<Weights>, rank: number): Weights {
  const merged = Object.fromEntries(Object.entries(base).map(([name, data]) => [name, data.slice()]));
  mergeAdapters(merged, adapters, rank);
  return merged;
}
