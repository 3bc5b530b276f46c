// A token set of SeaS on a Stable Diffusion pack, opened for saving it in other programs' forms.

import { TOKEN_TABLE } from '../../core/nets/clip-text-model.ts';
import { textTable } from '../../core/nets/parameter-tables.ts';
import { TABLE } from '../../core/recipes/trainable-denoiser.ts';
import type { SdNetwork } from '../packs/sd-pack.ts';
import { readTable } from '../packs/weight-source.ts';
import type { PackInfo, TokenSet } from '../services.ts';
import { openPictureModel } from '../training/seas-picture/picture-model.ts';
import { learnedFile, part, promptsOf, withAdapters } from './set-parts.ts';
import type { TokenSetWeights } from './token-set-weights.ts';

function read(network: SdNetwork<unknown>): Record<string, Float32Array> {
  const source = network.open();
  try {
    return readTable(source, network.table);
  } finally {
    source.close();
  }
}

export function openPictureSet(set: TokenSet, info: PackInfo): TokenSetWeights {
  const { tokens } = set.config.settings as { tokens: number };
  const model = openPictureModel(info, set.types.length, tokens);
  const { pack, product, networks } = model;
  const adapterRank = Number(set.config.adapterRank ?? 0);
  const files = learnedFile(set, adapterRank);
  const adapters = adapterRank > 0 ? part(files, 'unet/') : {};
  const tokenRows = files[TABLE];
  return {
    base: { kind: 'picture', pack },
    product,
    types: set.types,
    unet: {
      table: pack.unet.table,
      get base() {
        return read(pack.unet);
      },
    },
    text: {
      table: textTable(pack.text.config, networks.addedTokens),
      get weights() {
        return { ...read(pack.text), [TOKEN_TABLE]: tokenRows };
      },
    },
    tokenRows,
    textWidth: pack.text.config.hiddenSize,
    adapterRank,
    adapters,
    learnedUnet: () =>
      adapterRank > 0 ? withAdapters(read(pack.unet), adapters, adapterRank) : part(files, 'unet/'),
    prompts: promptsOf(product, set.types),
  };
}
