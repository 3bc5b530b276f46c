// A real window pack that trains and samples in seconds: the embedded one with a much smaller, untrained U-Net.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedRng } from '../../../src/core/base/rng.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { parseClipTextConfig } from '../../../src/core/nets/clip-text-model.ts';
import { initialWeights } from '../../../src/core/nets/init.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../../src/core/nets/unet-2d-condition.ts';
import { LATENT } from '../../../src/core/recipes/pack/condition.ts';
import { denoise, denoiseInputs } from '../../../src/core/recipes/pack/denoise-loss.ts';
import { EMBEDDED_PACK } from '../../../src/engine/packs/pack-service.ts';

/** Writes the pack into a folder that does not exist yet; returns it. Its weights are functions of their names. */
export function tinyWindowPack(folder: string): string {
  cpSync(EMBEDDED_PACK, folder, { recursive: true });
  const config = join(folder, 'unet', 'config.json');
  const json = {
    ...JSON.parse(readFileSync(config, 'utf8')),
    block_out_channels: [8, 8, 16],
    attention_head_dim: 2,
    norm_num_groups: 2,
  };
  writeFileSync(config, JSON.stringify(json));
  const unet = parseUnetConfig(json, config);
  const text = parseClipTextConfig(
    JSON.parse(readFileSync(join(folder, 'text_encoder/config.json'), 'utf8')),
  );

  const b = new Builder();
  const scope = new Scope(b, 'unet/');
  const inputs = denoiseInputs(b, 1, unet, LATENT, text.maxPositions);
  denoise(scope, new Scope(b, 'text/'), inputs, { unet, text, addedTokens: 0 });
  const weights = initialWeights(scope.table, (name) => namedRng(0, `tiny/${name}`));
  const tensors = [...scope.table].map(([name, { shape }]) => {
    return { name, dtype: 'F16' as const, shape, data: weights[name] };
  });
  writeFileSync(join(folder, 'unet/diffusion_pytorch_model.safetensors'), writeSafetensors(tensors));
  return folder;
}
