// A token set opened for saving it in other programs' forms: base and learned weights, tokens and their rows.

import { TOKEN_TABLE } from '../../core/nets/clip-text-model.ts';
import { textTable, unetTable } from '../../core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { openPack, type Pack } from '../packs/pack.ts';
import type { SdPack } from '../packs/sd-pack.ts';
import { verifyWeights } from '../packs/verify-weights.ts';
import type { PackInfo, TokenSet } from '../services.ts';
import { type ProductTokens, productTokens } from '../training/seas/tokens.ts';
import { openPictureSet } from './picture-token-set.ts';
import { learnedFile, part, promptsOf, withAdapters } from './set-parts.ts';

type Weights = Record<string, Float32Array>;

/** The pack a fine-tune was made on. */
export type BasePack =
  | { readonly kind: 'window'; readonly pack: Pack }
  | { readonly kind: 'picture'; readonly pack: SdPack };

export interface TokenSetWeights {
  readonly base: BasePack;
  readonly product: ProductTokens;
  readonly types: readonly string[];
  /** Read when they are asked for: a whole Stable Diffusion takes gigabytes. */
  readonly unet: { readonly table: ParameterTable; readonly base: Weights };
  /** Table with the added rows. */
  readonly text: { readonly table: ParameterTable; readonly weights: Weights };
  /** The learned token table, [rows,width]. */
  readonly tokenRows: Float32Array;
  readonly textWidth: number;
  /** Rank of the adapters; 0 where the whole U-Net was trained. */
  readonly adapterRank: number;
  /** `NAME.lora_up` and `NAME.lora_down` by state-dict name; empty for a whole U-Net. */
  readonly adapters: Weights;
  /** The U-Net as trained (adapters added), by state-dict name. */
  learnedUnet(): Weights;
  /** Prompt of the good product and of each type, as it was trained. */
  readonly prompts: { readonly normal: string; readonly types: Readonly<Record<string, string>> };
}

/** Opens a fine-tune on the pack it was trained on. Throws unsupported where the method leaves no such weights. */
export function openTokenSet(set: TokenSet, info: PackInfo): TokenSetWeights {
  return set.config.backbone === 'picture' ? openPictureSet(set, info) : openWindowSet(set, info);
}

function openWindowSet(set: TokenSet, info: PackInfo): TokenSetWeights {
  const pack = openPack(info.path);
  const base = verifyWeights(pack, pack.weights());
  const product = productTokens(pack, set.types.length);
  const adapterRank = Number(set.config.adapterRank ?? 0);
  const files = learnedFile(set, adapterRank);
  const adapters = adapterRank > 0 ? part(files, 'unet/') : {};
  const tokenRows = files[`text/${TOKEN_TABLE}`];
  const addedTokens = product.tokenizer.vocabSize - pack.text.vocabSize;
  return {
    base: { kind: 'window', pack },
    product,
    types: set.types,
    unet: { table: unetTable(pack.unet), base: base.unet },
    text: { table: textTable(pack.text, addedTokens), weights: { ...base.text, [TOKEN_TABLE]: tokenRows } },
    tokenRows,
    textWidth: pack.text.hiddenSize,
    adapterRank,
    adapters,
    learnedUnet: () =>
      adapterRank > 0 ? withAdapters(base.unet, adapters, adapterRank) : part(files, 'unet/'),
    prompts: promptsOf(product, set.types),
  };
}
