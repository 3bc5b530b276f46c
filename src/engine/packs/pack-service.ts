// The packs a workspace can use: the embedded one, those in its packs/ folder, added models, anything by path.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/base/errors.ts';
import type { PackInfo, PackReading, PackService } from '../services.ts';
import {
  addPack,
  checkedInfo,
  findAdded,
  listAdded,
  looseInfo,
  openFound,
  removePack,
} from './added-packs.ts';
import { openPack } from './pack.ts';
import { packBytes, packHash } from './pack-files.ts';
import { NETWORK_FOLDERS } from './sd-folder.ts';
import { inspectSdPack } from './sd-inspect.ts';

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

/** Whether a path holds a window pack: this program's own kind. */
function isWindowPack(path: string): boolean {
  return existsSync(join(path, 'flawsmith.json')) || !looksLikeModel(path);
}

/** A file, or a folder with any of a model's parts. */
function looksLikeModel(path: string): boolean {
  if (!statSync(path).isDirectory()) return true;
  return ['model_index.json', 'config.json', ...NETWORK_FOLDERS].some((name) => existsSync(join(path, name)));
}

const NO_READING: PackReading = { with: null, variant: null };

function notFound(pack: string, path: string): never {
  throw new AppError('not-found', `there is no pack "${pack}"`, {
    file: path,
    hint: 'List the packs with: flawsmith packs',
  });
}

export const packService: PackService = {
  async list(folder) {
    const own = packsIn(folder).map((p) => listed(p, 'workspace'));
    return [listed(EMBEDDED_PACK, 'embedded'), ...own, ...(await listAdded(folder))];
  },

  async resolve(pack, folder, options = {}) {
    if (pack === null || pack === 'embedded') return info(EMBEDDED_PACK, 'embedded');
    const own = packsIn(folder).find((p) => basename(p) === pack);
    if (own) return info(own, 'workspace');
    const added = findAdded(folder, pack);
    if (added) return checkedInfo(added);
    const path = resolve(pack);
    if (!existsSync(path)) notFound(pack, path);
    if (isWindowPack(path)) return info(path, 'folder');
    const { quick = false, ...reading } = options;
    return looseInfo(path, { ...NO_READING, ...reading }, !quick);
  },

  async inspect({ path, what }, folder = null, reading = NO_READING) {
    if (what !== undefined) return inspectSdPack(await openFound(findAdded(folder, path), path, reading));
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

  async add(request, folder, call) {
    if (existsSync(join(request.path, 'flawsmith.json'))) {
      throw new AppError('usage', 'this is a window pack: it needs no adding', {
        file: request.path,
        hint: "Use it by its folder (--pack FOLDER), or copy it into the workspace's packs folder.",
      });
    }
    const { info: added, pack } = await addPack(request, folder, call);
    return { pack: added, details: inspectSdPack(pack) };
  },

  async remove(name, folder) {
    return { path: removePack(name, folder) };
  },

  async sample(request, folder, call) {
    const { samplePack } = await import('../sampling/sample-pack.ts');
    const path = resolve(request.pack);
    const entry = findAdded(folder, request.pack);
    if (!entry && !existsSync(path)) notFound(request.pack, path);
    return samplePack(await openFound(entry, path, request), request, call);
  },
};
