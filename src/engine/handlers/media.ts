// media.locate: which file a host serves for a picture, and making it where it is not there yet.

import { join } from 'node:path';
import type { MediaRequest } from '../../contract/methods/media.ts';
import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { MediaCache } from '../media/media-cache.ts';
import type { ReadableDb } from '../store/database.ts';
import { getGeneration } from '../store/generations.ts';
import { getImage } from '../store/images.ts';
import { getInspection } from '../store/inspections.ts';
import { getPreview } from '../store/training-watch.ts';
import type { ReadableWorkspace } from '../workspace.ts';

/** Small versions in the grid of Pictures. */
const GRID_SIZE = 256;

interface Found {
  blob: string;
  width: number;
  height: number;
  mask: boolean;
}

/** What the screen waits for goes first. */
let waiting = 0;

/** Where a picture's small version lies, made in the background: the screen's own wishes go first. */
export async function makeThumbnail(context: EngineContext, id: string): Promise<string> {
  while (waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return (await locate(context, { kind: 'picture', id, size: GRID_SIZE })).file;
}

/** One cache per workspace folder, so that two askers share the work. */
const caches = new WeakMap<EngineContext, MediaCache>();

export async function locateMedia(context: EngineContext, request: MediaRequest) {
  waiting++;
  try {
    return await locate(context, request);
  } finally {
    waiting--;
  }
}

async function locate(context: EngineContext, request: MediaRequest) {
  return context.reading(async (workspace) => {
    const found = find(workspace.db, request);
    const { width, height } = found;
    const at = (file: string, type: string, name: string) => ({ file, type, tag: name, width, height });
    const whole = request.size === undefined && request.low === undefined && !found.mask;
    const { shownAsIs } = await import('../imaging/rendition.ts');
    const type = whole ? await shownAsIs(workspace.blobs.path(found.blob)) : null;
    if (type !== null) return at(workspace.blobs.path(found.blob), type, found.blob);
    const name = viewName(found, request);
    const file = await cacheOf(context, workspace).file(name, () => render(workspace, found, request));
    return at(file, name.endsWith('.png') ? 'image/png' : 'image/webp', name);
  });
}

function cacheOf(context: EngineContext, workspace: ReadableWorkspace): MediaCache {
  let cache = caches.get(context);
  if (cache === undefined) {
    cache = new MediaCache(join(workspace.folder, 'cache'));
    caches.set(context, cache);
  }
  return cache;
}

function find(db: ReadableDb, { kind, id }: MediaRequest): Found {
  const mask = kind.endsWith('-mask');
  if (kind.startsWith('generated')) {
    const row = getGeneration(db, id);
    if (row === undefined) throw missing('generated picture', id);
    return found(mask ? row.maskBlob : row.imageBlob, row, mask, id);
  }
  if (kind === 'preview') {
    const row = getPreview(db, id);
    if (row === undefined) throw missing('preview', id);
    return found(row.blob, row, mask, id);
  }
  if (kind.startsWith('inspected')) {
    const row = getInspection(db, id);
    if (row === undefined) throw missing('inspection', id);
    return found(kind === 'inspected-heat' ? row.heatBlob : row.mapBlob, row, mask, id);
  }
  const row = getImage(db, id);
  if (row === undefined) throw missing('picture', id);
  return found(mask ? row.maskBlob : row.blob, row, mask, id);
}

function found(
  blob: string | null,
  { width, height }: { width: number; height: number },
  mask: boolean,
  id: string,
): Found {
  if (blob === null) throw missing('mask for picture', id);
  return { blob, width, height, mask };
}

function missing(what: string, id: string): AppError {
  return new AppError('not-found', `there is no ${what} ${id} in this workspace`);
}

/** Content and view decide the name, so that a cached file never grows old. */
function viewName(found: Found, { size, low, high }: MediaRequest): string {
  const view = [found.mask ? 'mask' : 'picture', size ?? 'all', ...(low === undefined ? [] : [low, high])];
  const ending = found.mask || size === undefined ? 'png' : 'webp';
  return `${found.blob}-${view.join('-')}.${ending}`;
}

async function render(workspace: ReadableWorkspace, found: Found, { size, low, high }: MediaRequest) {
  const { renderMask, renderPicture } = await import('../imaging/rendition.ts');
  const bytes = await workspace.blobs.get(found.blob);
  if (found.mask) return (await renderMask(bytes, size ?? null)).bytes;
  const range = low === undefined ? null : { low, high: high! };
  return (await renderPicture(bytes, { size: size ?? null, range })).bytes;
}
