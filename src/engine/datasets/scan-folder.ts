// Scans a source folder into an import report: every picture decoded, every mask fitted, nothing touched.

import { basename, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type {
  ImportItem,
  ImportLayout,
  ImportProblem,
  ImportReport,
} from '../../core/domain/import-report.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import type { LayoutReading } from './candidate.ts';
import { findDuplicates } from './duplicates.ts';
import { examine } from './examine.ts';
import { countMasks, readImageMask } from './layout-image-mask.ts';
import { mvtecProducts, readMvtec } from './layout-mvtec.ts';
import type { WalkResult } from './walk.ts';
import { walkFolder } from './walk.ts';

export interface ScanOptions {
  readonly layout?: 'auto' | ImportLayout;
  /** Which product of a folder with several; otherwise the name the product gets. */
  readonly product?: string;
  readonly signal?: AbortSignal;
  /** Names the physical part: first capture group of the match with the relative path. */
  readonly groupBy?: RegExp;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Recognised {
  readonly layout: ImportLayout;
  readonly why: string;
  readonly product: string;
  readonly reading: LayoutReading;
}

/**
 * Reads `src` in full and reports what an import would take. Throws `not-found` for a missing folder and
 * `bad-dataset` where nothing can be used; a set without defects carries a `no-defects` problem the caller acts on.
 */
export async function scanFolder(src: string, options: ScanOptions = {}): Promise<ImportReport> {
  const walk = await walkFolder(src, options.signal);
  const { layout, why, product, reading } = recognise(src, walk, options);
  const problems: ImportProblem[] = [...walk.problems, ...reading.problems];
  const items: ImportItem[] = [];
  for (const [i, candidate] of reading.candidates.entries()) {
    if (options.signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const item = await examine(candidate, options.groupBy, problems);
    if (item !== null) items.push(item);
    options.onProgress?.(i + 1, reading.candidates.length);
  }
  if (items.length === 0) throw nothingUsable(src, problems);
  items.sort((a, b) => compareCodePoints(a.file, b.file));
  problems.push(...findDuplicates(items));
  const types = countTypes(items);
  if (types.length === 0) {
    problems.push({
      file: '.',
      code: 'no-defects',
      level: 'reject',
      message: `${items.length} pictures, but none shows a defect with a mask`,
      hint: 'At least one defect picture with its mask is needed: test/TYPE and ground_truth/TYPE, or images/ and masks/.',
    });
  }
  const normals = items.filter((i) => i.role === 'normal').length;
  return { layout, why, product, items, problems, types, normals };
}

function recognise(src: string, walk: WalkResult, options: ScanOptions): Recognised {
  const wanted = options.layout ?? 'auto';
  const named = options.product ?? basename(resolve(src));
  if (wanted !== 'image-mask') {
    const prefix = chooseProduct(src, mvtecProducts(walk), options.product);
    if (prefix !== null) {
      const where = prefix === '' ? 'the folder' : `its subfolder "${prefix}"`;
      const why = `MVTec layout: ${where} has its folders (train/good, test, ground_truth).`;
      const product = prefix === '' ? named : (options.product ?? prefix);
      return { layout: 'mvtec', why, product, reading: readMvtec(walk, prefix) };
    }
    if (wanted === 'mvtec') {
      throw new AppError('bad-dataset', `${src} is not in MVTec layout.`, {
        file: src,
        hint: 'It needs train/good, test/good, test/TYPE and ground_truth/TYPE; or try --layout image-mask.',
      });
    }
  }
  const masks = countMasks(walk);
  const why =
    masks > 0
      ? `Pictures with masks: ${masks} file${masks === 1 ? '' : 's'} in folders like masks/ or named NAME_mask.`
      : 'Pictures only: no file is in a folder like masks/ or named NAME_mask.';
  return { layout: 'image-mask', why, product: named, reading: readImageMask(walk) };
}

/** The product's folder, or null where there is none; several without a name are refused with the list. */
function chooseProduct(src: string, products: string[], wanted: string | undefined): string | null {
  if (products.length === 0) return null;
  if (products.length === 1) return products[0];
  const list = products.join(', ');
  if (wanted === undefined) {
    throw new AppError('bad-dataset', `${src} holds ${products.length} products: ${list}.`, {
      file: src,
      products,
      hint: `Name one of them with --product, or import ${products[0]}'s own folder.`,
    });
  }
  if (products.includes(wanted)) return wanted;
  throw new AppError('not-found', `${src} has no product "${wanted}".`, {
    file: src,
    products,
    hint: `It holds: ${list}.`,
  });
}

function countTypes(items: readonly ImportItem[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const item of items) {
    if (item.role === 'defect' && item.type !== null) counts.set(item.type, (counts.get(item.type) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => compareCodePoints(a.name, b.name));
}

function nothingUsable(src: string, problems: ImportProblem[]): AppError {
  const rejected = problems.filter((p) => p.level === 'reject');
  const because =
    rejected.length > 0 ? ` The first of ${rejected.length} problems: ${rejected[0].message}` : '';
  return new AppError('bad-dataset', `${src} holds no picture that can be used.${because}`, {
    file: src,
    problems,
    hint: 'Expected are train/good, test/TYPE and ground_truth/TYPE (MVTec layout), or images/ and masks/.',
  });
}
