// The packs a workspace can use: the embedded one, those in its packs/ folder, any folder by path.

import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/base/errors.ts';
import type { PackInfo, PackService } from '../services.ts';
import { openPack } from './pack.ts';
import { packBytes, packHash } from './pack-files.ts';

export const EMBEDDED_PACK = fileURLToPath(new URL('../../../resources/pack', import.meta.url));

function info(path: string, kind: PackInfo['kind']): PackInfo {
  const pack = openPack(path);
  return {
    name: kind === 'embedded' ? 'embedded' : basename(path),
    kind,
    path,
    hash: packHash(path),
    workingSize: pack.workingSize,
    licence: pack.licence,
    problem: null,
  };
}

/** A pack that cannot be used is listed with the reason. */
function listed(path: string, kind: PackInfo['kind']): PackInfo {
  try {
    return info(path, kind);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = `${error.message}${error.details.file ? ` (${error.details.file})` : ''}`;
    return { name: basename(path), kind, path, hash: '', workingSize: 0, licence: '', problem };
  }
}

function packsIn(folder: string | null): string[] {
  if (folder === null || !existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((e) => e.isDirectory() && existsSync(join(folder, e.name, 'model_index.json')))
    .map((e) => join(folder, e.name))
    .sort();
}

export const packService: PackService = {
  async list(folder) {
    return [listed(EMBEDDED_PACK, 'embedded'), ...packsIn(folder).map((p) => listed(p, 'workspace'))];
  },

  async resolve(pack, folder) {
    if (pack === null || pack === 'embedded') return info(EMBEDDED_PACK, 'embedded');
    const own = packsIn(folder).find((p) => basename(p) === pack);
    if (own) return info(own, 'workspace');
    const path = resolve(pack);
    if (existsSync(path)) return info(path, 'folder');
    throw new AppError('not-found', `there is no pack "${pack}"`, {
      file: path,
      hint: 'List the packs with: flawsmith packs',
    });
  },

  async inspect({ path }) {
    const pack = openPack(path);
    const { unet, autoencoder, text } = pack.weights();
    const count = (w: Record<string, Float32Array>) => Object.values(w).reduce((n, a) => n + a.length, 0);
    return {
      kind: 'window pack (mask-conditioned U-Net)',
      parameters: { unet: count(unet), text_encoder: count(text), autoencoder: count(autoencoder) },
      inputChannels: pack.unet.inChannels,
      workingSize: pack.workingSize,
      predictionType: pack.scheduler.predictionType,
      words: [...pack.words],
      bytes: packBytes(path),
      licence: pack.licence,
    };
  },
};
