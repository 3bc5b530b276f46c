// Whether a pack's weights are those its networks need: every tensor there, every one of the right size.

import { AppError } from '../../core/base/errors.ts';
import { Builder } from '../../core/graph/builder.ts';
import { packDecode, packEncode } from '../../core/nets/pack-autoencoder.ts';
import { type ParameterTable, Scope } from '../../core/nets/scope.ts';
import { LATENT, WINDOW } from '../../core/recipes/pack/condition.ts';
import { denoise, denoiseInputs } from '../../core/recipes/pack/denoise-loss.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { Pack, PackWeights } from './pack.ts';

function verifyPart(
  table: ParameterTable,
  weights: Readonly<Record<string, Float32Array>>,
  part: string,
  folder: string,
): void {
  for (const [name, { shape }] of table) {
    const found = weights[name]?.length ?? 0;
    if (found === sizeOf(shape)) continue;
    throw new AppError('bad-weights', `${part}: ${name} has ${found} numbers, needed ${sizeOf(shape)}`, {
      file: folder,
      hint: 'The weights do not belong to this pack, or the file is damaged: copy the pack again.',
    });
  }
}

/** Throws bad-weights naming the tensor. */
export function verifyWeights(pack: Pack, weights: PackWeights): PackWeights {
  const b = new Builder();
  const [unet, text] = [new Scope(b, 'unet/'), new Scope(b, 'text/')];
  const inputs = denoiseInputs(b, 1, pack.unet, LATENT, pack.text.maxPositions);
  denoise(unet, text, inputs, { unet: pack.unet, text: pack.text, addedTokens: 0 });
  const vae = new Scope(new Builder());
  packEncode(vae, vae.b.input('image', [1, 3, WINDOW, WINDOW]));
  packDecode(vae, vae.b.input('latent', [1, 4, LATENT, LATENT]));
  verifyPart(unet.table, weights.unet, 'unet', pack.folder);
  verifyPart(text.table, weights.text, 'text_encoder', pack.folder);
  verifyPart(vae.table, weights.autoencoder, 'vae', pack.folder);
  return weights;
}
