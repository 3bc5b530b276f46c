// splits.prepare: small versions for the grid and groups of near-duplicates, made in the background.

import { readFile } from 'node:fs/promises';
import { type Look, nearDuplicates } from '../../core/image/near-duplicates.ts';
import type { EngineContext } from '../engine-context.ts';
import { encodeThumb } from '../imaging/thumb-vector.ts';
import type { WritableDb } from '../store/database.ts';
import {
  activeBlobs,
  blobsWithoutLook,
  countNear,
  listLooks,
  putLook,
  putNearDuplicates,
} from '../store/looks.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { makeThumbnail } from './media.ts';
import { progressOf } from './progress.ts';

/** Pictures at once, and looks per transaction. */
const HANDS = 2;
const PER_WRITE = 64;

export async function preparePictures(context: EngineContext, input: { product?: string }, call: Call) {
  const { db } = await context.writable();
  const { id } = chooseProduct(db, input.product);
  const prepared = await makeLooks(context, db, id, call);
  if (prepared > 0 || countNear(db, id).waiting > 0) await compare(context, db, id, call);
  const { groups, pictures } = countNear(db, id);
  return { prepared, groups, pictures };
}

/** How many pictures have not been looked at yet. */
export function waitingPictures(context: EngineContext, input: { product?: string }) {
  return context.reading(({ db }) => ({
    pictures: countNear(db, chooseProduct(db, input.product).id).waiting,
  }));
}

async function makeLooks(
  context: EngineContext,
  db: WritableDb,
  productId: string,
  call: Call,
): Promise<number> {
  const todo = blobsWithoutLook(db, productId);
  const progress = progressOf(call, context.clock, 'thumbnails');
  let at = 0;
  let done = 0;
  let made: { blob: string; look: Uint8Array | null }[] = [];
  const write = (): void => {
    const batch = made;
    made = [];
    db.transaction(() => {
      for (const { blob, look } of batch) putLook(db, blob, look);
    });
  };
  const hand = async (): Promise<void> => {
    while (at < todo.length && !call.signal.aborted) {
      const { blob, id, file } = todo[at++];
      made.push({ blob, look: await lookOf(context, id) });
      if (made.length >= PER_WRITE) write();
      progress(++done, todo.length, file);
    }
  };
  try {
    await Promise.all(Array.from({ length: HANDS }, hand));
  } finally {
    write();
  }
  call.signal.throwIfAborted();
  return todo.length;
}

/** [32*32] grey values; null for what cannot be shown. */
async function lookOf(context: EngineContext, id: string): Promise<Uint8Array | null> {
  try {
    const values = await encodeThumb(await readFile(await makeThumbnail(context, id)));
    return Uint8Array.from(values, (v) => Math.round(255 * v));
  } catch {
    return null;
  }
}

async function compare(context: EngineContext, db: WritableDb, productId: string, call: Call): Promise<void> {
  const blobs = activeBlobs(db, productId);
  const looks: Look[] = listLooks(db, productId);
  const progress = progressOf(call, context.clock, 'compare');
  const work = nearDuplicates(looks);
  let step = work.next();
  while (!step.done) {
    progress(Math.floor(step.value * looks.length), looks.length);
    await new Promise((resolve) => setImmediate(resolve));
    call.signal.throwIfAborted();
    step = work.next();
  }
  const groups = step.value;
  db.transaction(() => putNearDuplicates(db, productId, blobs, groups));
}
