// labels.*: the work list, and painting a picture's label step by step. A step is on disk when its call returns.

import { AppError } from '../../core/base/errors.ts';
import { assertRegion } from '../../core/labels/regions.ts';
import { FOREGROUND_LAYER, IGNORE_LAYER, type LabelStep } from '../../core/labels/step.ts';
import type { EngineContext } from '../engine-context.ts';
import { decodePicture } from '../imaging/index.ts';
import { pictureOf } from '../labels/label-rows.ts';
import { levelsOf } from '../labels/levels.ts';
import { nearestNormal } from '../labels/nearest.ts';
import { openDocument } from '../labels/open-document.ts';
import { settleDocument } from '../labels/settle.ts';
import type { ReadableDb } from '../store/database.ts';
import type { LabelledImage } from '../store/images.ts';
import {
  countSteps,
  getLabelDocument,
  type LabelSubject,
  listSteps,
  moveHead,
  putStep,
  stepIdAt,
} from '../store/label-documents.ts';
import {
  countQueue,
  nextInQueue,
  pageOfQueue,
  placeInQueue,
  type QueueFilter,
  type QueueRow,
  queueRowOf,
} from '../store/label-queue.ts';
import { listTypes } from '../store/products.ts';
import { chooseProduct } from './choose-product.ts';

interface Which {
  picture: string;
  subject: LabelSubject;
}

export async function labelQueue(
  context: EngineContext,
  input: { product?: string; filter: QueueFilter; offset: number; limit: number },
) {
  return context.reading(({ db }) => {
    const product = chooseProduct(db, input.product);
    return {
      total: countQueue(db, product.id, input.filter),
      unlabelled: countQueue(db, product.id, 'unlabelled'),
      pictures: pageOfQueue(db, product.id, input.filter, input).map(toItem),
    };
  });
}

export async function labelNeighbour(
  context: EngineContext,
  input: { picture: string; filter: QueueFilter; step: -1 | 0 | 1 },
) {
  return context.reading(({ db }) => {
    const image = pictureOf(db, input.picture);
    const row =
      input.step === 0
        ? queueRowOf(db, image.productId, image)
        : nextInQueue(db, image.productId, input.filter, image, input.step);
    return {
      picture: row?.id ?? null,
      place: placeInQueue(db, image.productId, input.filter, row ?? image),
    };
  });
}

export async function openLabel(context: EngineContext, input: Which) {
  const workspace = await context.writable();
  const image = pictureOf(workspace.db, input.picture);
  const row = await openDocument(workspace, context.clock, image, input.subject);
  const entry = queueRowOf(workspace.db, image.productId, image);
  const { mark, types, masks } = row.base;
  return {
    picture: {
      ...toItem(entry ?? { ...image, types: image.type === null ? [] : [image.type] }),
      bitDepth: image.bitDepth,
      channels: image.channels,
      levels: image.bitDepth === 16 ? await levels(workspace.blobs.path(image.blob), image.file) : null,
    },
    document: {
      base: { mark, types: [...types], masks: [...masks] },
      steps: listSteps(workspace.db, row.id),
      head: row.head,
    },
  };
}

export async function appendStep(
  context: EngineContext,
  input: Which & { at: number; id: string; step: LabelStep },
) {
  const workspace = await context.writable();
  const { db } = workspace;
  const image = pictureOf(db, input.picture);
  assertFits(db, image, input.subject, input.step);
  const { id } = await openDocument(workspace, context.clock, image, input.subject);
  return db.transaction(() => {
    const { head } = getLabelDocument(db, id)!;
    if (input.at < head && stepIdAt(db, id, input.at) === input.id) return { head };
    if (input.at !== head) throw changedElsewhere(image.file);
    putStep(db, id, head, { id: input.id, step: input.step }, context.clock.now());
    return { head: head + 1 };
  });
}

export async function setLabelHead(context: EngineContext, input: Which & { head: number }) {
  const workspace = await context.writable();
  const { db } = workspace;
  const image = pictureOf(db, input.picture);
  const { id } = await openDocument(workspace, context.clock, image, input.subject);
  return db.transaction(() => {
    if (input.head > countSteps(db, id)) throw changedElsewhere(image.file);
    if (input.head !== getLabelDocument(db, id)!.head) moveHead(db, id, input.head);
    return { head: input.head };
  });
}

export async function settleLabel(context: EngineContext, input: Which) {
  const workspace = await context.writable();
  const image = pictureOf(workspace.db, input.picture);
  const { id } = await openDocument(workspace, context.clock, image, input.subject);
  return { changed: await settleDocument(workspace, context.clock, id) };
}

export async function nearestPicture(context: EngineContext, input: { picture: string }) {
  return context.reading(async (workspace) => ({
    picture: await nearestNormal(workspace, pictureOf(workspace.db, input.picture)),
  }));
}

async function levels(file: string, name: string) {
  const { raster } = await decodePicture(file, { name });
  return levelsOf(raster);
}

function toItem({ id, file, role, types, width, height }: Omit<QueueRow, 'blob' | 'source'>) {
  return { id, file, role, types, width, height };
}

function changedElsewhere(file: string): AppError {
  return new AppError('usage', 'this label was changed in another window or by an import', {
    file,
    hint: 'Open the picture again to see it as it is now.',
  });
}

/** A step must be about layers this picture can have, and lie inside of it. */
function assertFits(db: ReadableDb, image: LabelledImage, subject: LabelSubject, step: LabelStep): void {
  const layer = step.kind === 'mark' ? step.type : step.layer;
  const own =
    subject === 'foreground'
      ? step.kind !== 'mark' && layer === FOREGROUND_LAYER
      : layer === null ||
        layer === IGNORE_LAYER ||
        listTypes(db, image.productId).some((type) => type.id === layer);
  if (!own) throw new AppError('usage', `"${layer}" is no layer of this picture`, { file: image.file });
  if (step.kind === 'mark' && layer === IGNORE_LAYER)
    throw new AppError('usage', 'an ignore zone is no defect type', { file: image.file });
  if (step.kind !== 'region') return;
  for (const region of [step.add, step.remove]) if (region !== null) assertRegion(region, image);
}
