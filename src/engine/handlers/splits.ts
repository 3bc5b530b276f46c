// splits.*: who is in which split, what must stay together, what crosses, and every change with its way back.

import { MOST_LEAKS } from '../../contract/methods/splits.ts';
import type { ImageSplit } from '../../core/domain/import-report.ts';
import {
  clustersOf,
  dividePictures,
  findLeaks,
  type Leak,
  type Shares,
  type SplitPicture,
} from '../../core/domain/split-plan.ts';
import { matchParts } from '../datasets/match-parts.ts';
import type { EngineContext } from '../engine-context.ts';
import { pictureOf } from '../labels/label-rows.ts';
import { appendAudit } from '../store/audit.ts';
import type { ReadableDb } from '../store/database.ts';
import { type ImageFilter, idsOfImages } from '../store/image-pages.ts';
import { countNear } from '../store/looks.ts';
import type { Product } from '../store/products.ts';
import {
  applySplitStep,
  listSplitPictures,
  openSplitStep,
  type SplitChange,
  type SplitStepKind,
  turnSplitStep,
} from '../store/split-steps.ts';
import { chooseProduct } from './choose-product.ts';

type ForProduct = { product?: string };

/** Parts and files that a preview shows. */
const MOST_SAMPLES = 8;
const FILES_PER_SAMPLE = 4;
/** Pictures listed as belonging together with one. */
const MOST_TOGETHER = 200;

export function splitOverview(context: EngineContext, input: ForProduct) {
  return context.reading(({ db }) => {
    const { id } = chooseProduct(db, input.product);
    const pictures = listSplitPictures(db, id);
    const leaks = findLeaks(pictures);
    const parts = new Set(pictures.map(({ part }) => part).filter((part) => part !== null));
    const stepOf = (way: 'undo' | 'redo') => {
      const step = openSplitStep(db, id, way);
      return step === undefined ? null : { kind: step.kind, pictures: step.pictures };
    };
    return {
      counts: countsOf(pictures),
      parts: parts.size,
      partUnknown: pictures.filter(({ part }) => part === null).length,
      leaks: leaks.slice(0, MOST_LEAKS).map(toLeakInfo),
      leaksTotal: leaks.length,
      near: countNear(db, id),
      undo: stepOf('undo'),
      redo: stepOf('redo'),
    };
  });
}

export interface SetSplitInput extends ForProduct {
  select: { ids: string[] } | { filter: ImageFilter };
  split: ImageSplit | null;
  together: boolean;
}

export function setSplit(context: EngineContext, input: SetSplitInput) {
  return change(context, input, 'set', (db, product, pictures) => {
    const { select } = input;
    const named =
      'ids' in select ? currentIds(db, product, select.ids) : idsOfImages(db, product.id, select.filter);
    const chosen = new Set(named);
    const meant = input.together
      ? clustersOf(pictures)
          .filter((cluster) => cluster.some(({ id }) => chosen.has(id)))
          .flat()
      : pictures.filter(({ id }) => chosen.has(id));
    return meant.map((picture) => ({ ...asIs(picture), split: input.split }));
  });
}

export interface RuleInput extends ForProduct {
  shares: Shares;
  seed: number;
  keep: boolean;
  dryRun: boolean;
}

export async function splitByRule(context: EngineContext, input: RuleInput) {
  const plan = (pictures: readonly SplitPicture[]) => {
    const into = dividePictures(pictures, input);
    return pictures.map((picture) => ({ ...picture, split: into.get(picture.id)! }));
  };
  const before = await context.reading(({ db }) =>
    listSplitPictures(db, chooseProduct(db, input.product).id),
  );
  const after = plan(before);
  const counts = countsOf(after);
  if (input.dryRun)
    return { changed: after.filter(({ split }, i) => split !== before[i].split).length, counts };
  const { changed } = await change(context, input, 'rule', (_db, _product, pictures) =>
    plan(pictures).map(asIs),
  );
  return { changed, counts };
}

export interface PartsInput extends ForProduct {
  pattern: string | null;
  dryRun: boolean;
}

export async function nameParts(context: EngineContext, input: PartsInput) {
  const pictures = await context.reading(({ db }) =>
    listSplitPictures(db, chooseProduct(db, input.product).id),
  );
  const partsOf = (of: readonly SplitPicture[]): (string | null)[] =>
    input.pattern === null
      ? of.map(() => null)
      : matchParts(
          of.map(({ file }) => file),
          input.pattern,
        );
  const parts = partsOf(pictures);
  const byPart = Map.groupBy(pictures.keys(), (i) => parts[i]);
  const strangers = byPart.get(null) ?? [];
  byPart.delete(null);
  const samples = [...byPart].sort((a, b) => b[1].length - a[1].length || (a[0]! < b[0]! ? -1 : 1));
  const view = {
    parts: byPart.size,
    unmatched: strangers.length,
    samples: samples.slice(0, MOST_SAMPLES).map(([part, members]) => ({
      part: part!,
      pictures: members.length,
      files: members.slice(0, FILES_PER_SAMPLE).map((i) => pictures[i].file),
    })),
    strangers: strangers.slice(0, FILES_PER_SAMPLE).map((i) => pictures[i].file),
  };
  if (input.dryRun) return { changed: pictures.filter(({ part }, i) => part !== parts[i]).length, ...view };
  const { changed } = await change(context, input, 'parts', (_db, _product, now) => {
    const named = partsOf(now);
    return now.map((picture, i) => ({ ...asIs(picture), part: named[i] }));
  });
  return { changed, ...view };
}

export function mendSplits(context: EngineContext, input: ForProduct & { picture?: string }) {
  return change(context, input, 'mend', (db, product, pictures) => {
    const [only] = input.picture === undefined ? [] : currentIds(db, product, [input.picture]);
    return findLeaks(pictures)
      .filter((leak) => input.picture === undefined || leak.pictures.some(({ id }) => id === only))
      .flatMap(({ pictures: members, into }) => members.map((member) => ({ ...asIs(member), split: into })));
  });
}

export async function turnSplits(context: EngineContext, input: ForProduct, way: 'undo' | 'redo') {
  const workspace = await context.writable();
  const { db } = workspace;
  return db.transaction(() => {
    const product = chooseProduct(db, input.product);
    const step = openSplitStep(db, product.id, way);
    if (step === undefined) return { changed: 0 };
    const at = context.clock.now();
    const changed = turnSplitStep(db, step, way, at);
    appendAudit(db, at, { event: 'splits', product: product.name, change: way, pictures: changed });
    return { changed };
  });
}

export function togetherWith(context: EngineContext, input: { picture: string }) {
  return context.reading(({ db }) => {
    const { productId } = pictureOf(db, input.picture);
    const [id] = currentIds(db, { id: productId }, [input.picture]);
    const pictures = listSplitPictures(db, productId);
    const own = pictures.find((picture) => picture.id === id);
    if (own === undefined) return { pictures: [], total: 0 };
    const linkOf = (other: SplitPicture) =>
      other.id === own.id
        ? 'self'
        : other.blob === own.blob
          ? 'same'
          : isNear(own, other)
            ? 'near-duplicate'
            : 'part';
    const cluster = clustersOf(pictures).find((c) => c.includes(own))!;
    const sorted = [own, ...cluster.filter((other) => other !== own)];
    return {
      pictures: sorted
        .slice(0, MOST_TOGETHER)
        .map((other) => ({ ...toMember(other), part: other.part, link: linkOf(other) as 'self' })),
      total: sorted.length,
    };
  });
}

function isNear(a: SplitPicture, b: SplitPicture): boolean {
  return a.near !== null && a.near === b.near;
}

/** One step of the user in one transaction. */
async function change(
  context: EngineContext,
  input: ForProduct,
  kind: SplitStepKind,
  plan: (db: ReadableDb, product: Product, pictures: SplitPicture[]) => SplitChange[],
): Promise<{ changed: number }> {
  const { db } = await context.writable();
  return db.transaction(() => {
    const product = chooseProduct(db, input.product);
    const at = context.clock.now();
    const changes = plan(db, product, listSplitPictures(db, product.id));
    const changed = applySplitStep(db, product.id, { kind, changes, at });
    if (changed > 0)
      appendAudit(db, at, { event: 'splits', product: product.name, change: kind, pictures: changed });
    return { changed };
  });
}

/** Ids as they are now: a picture whose label changed in the meantime goes by its successor's. */
function currentIds(
  db: ReadableDb,
  { id: productId }: Pick<Product, 'id'>,
  ids: readonly string[],
): string[] {
  return ids.flatMap((id) =>
    db
      .all<{ id: string }>(
        `SELECT j.id FROM images i JOIN images j ON j.product_id = i.product_id AND j.file = i.file
           AND j.source = i.source AND j.superseded_by IS NULL WHERE i.id = ? AND i.product_id = ?`,
        id,
        productId,
      )
      .map((row) => row.id),
  );
}

function asIs({ id, split, part }: SplitPicture): SplitChange {
  return { imageId: id, split, part };
}

function toMember({ id, file, split }: SplitPicture) {
  return { id, file, split };
}

function toLeakInfo({ reason, part, first, second, pictures, into }: Leak) {
  return { reason, part, first: toMember(first), second: toMember(second), pictures: pictures.length, into };
}

function countsOf(pictures: readonly SplitPicture[]) {
  const rows = Map.groupBy(pictures, ({ kind, split }) => JSON.stringify([kind, split]));
  return [...rows].map(([key, members]) => {
    const [kind, split] = JSON.parse(key) as [string, ImageSplit | null];
    const plain = kind.startsWith(' ') ? (kind.slice(1) as 'normal' | 'unlabelled' | 'defect') : 'defect';
    const type = plain === 'defect' && kind !== '' && !kind.startsWith(' ') ? kind : null;
    return { role: plain, type, split, pictures: members.length };
  });
}
