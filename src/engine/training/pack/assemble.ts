// From the training folder's checkpoints to a pack folder: moving-average U-Net, word table, autoencoder.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../core/base/errors.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { packDecode, packEncode } from '../../../core/nets/pack-autoencoder.ts';
import { type ParameterTable, Scope } from '../../../core/nets/scope.ts';
import { LATENT, type LatentScale, WINDOW } from '../../../core/recipes/pack/condition.ts';
import { openSafetensors } from '../../packs/safetensors-file.ts';
import { writePack } from '../../packs/write-pack.ts';
import { AUTOENCODER_TRAINING } from './train-autoencoder.ts';
import { UNET_TRAINING, unetProgram } from './train-unet.ts';

function readPart(file: string, prefix: string, names: Iterable<string>): Record<string, Float32Array> {
  const source = openSafetensors(file);
  try {
    return Object.fromEntries([...names].map((n) => [n, source.float32(`${prefix}${n}`, { finite: true })]));
  } finally {
    source.close();
  }
}

function autoencoderTable(): ParameterTable {
  const s = new Scope(new Builder());
  packEncode(s, s.b.input('image', [1, 3, WINDOW, WINDOW]));
  packDecode(s, s.b.input('latent', [1, 4, LATENT, LATENT]));
  return s.table;
}

/** Parameters of one of the program's networks, by state-dict name. */
function tableOf(prefix: string): ParameterTable {
  const { parameters } = unetProgram(1);
  return new Map(
    [...parameters]
      .filter(([n]) => n.startsWith(prefix))
      .map(([n, v]) => [n.slice(prefix.length), v] as const),
  );
}

/** The lines of the training log about one phase. */
function logOf(folder: string, phase: string): Record<string, unknown>[] {
  const file = join(folder, 'log.ndjson');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((l) => l.includes(`"phase":"${phase}"`))
    .map((l) => JSON.parse(l) as Record<string, unknown>);
}

/** Writes the pack; returns what it says about its training. */
export async function assemblePack(folder: string, out: string): Promise<Record<string, unknown>> {
  const unetFile = join(folder, 'unet.safetensors');
  if (!existsSync(unetFile)) throw new AppError('not-found', 'no trained U-Net here yet', { file: unetFile });
  const [unetTable, textTable, vaeTable] = [tableOf('unet/'), tableOf('text/'), autoencoderTable()];
  const file = openSafetensors(unetFile);
  const unetSteps = Number(file.metadata.get('step'));
  file.close();
  const trained = {
    data: 'rendered windows only (src/core/render), seeds from 0',
    autoencoder_steps: AUTOENCODER_TRAINING.steps,
    unet_steps: unetSteps,
    batch: UNET_TRAINING.batch,
    validation: logOf(folder, 'validation'),
  };
  await writePack(out, {
    unet: { table: unetTable, weights: readPart(unetFile, 'average/unet/', unetTable.keys()) },
    text: { table: textTable, weights: readPart(unetFile, 'average/text/', textTable.keys()) },
    autoencoder: {
      table: vaeTable,
      weights: readPart(join(folder, 'autoencoder.safetensors'), 'weights/', vaeTable.keys()),
    },
    latentScale: JSON.parse(readFileSync(join(folder, 'latent-scale.json'), 'utf8')) as LatentScale,
    trained,
  });
  return trained;
}
