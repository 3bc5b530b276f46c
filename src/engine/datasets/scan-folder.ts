// Scans a source folder into an import report: every picture decoded, every mask fitted, nothing touched.

import { AppError } from '../../core/base/errors.ts';
import type {
  ImportItem,
  ImportProblem,
  ImportReport,
  ReadableLayout,
} from '../../core/domain/import-report.ts';
import { compareCodePoints } from '../../core/domain/text-order.ts';
import { findDuplicates } from './duplicates.ts';
import { examine } from './examine.ts';
import { recognise } from './recognise.ts';
import { Tally } from './tally.ts';
import { walkFolder } from './walk.ts';

export interface ScanOptions {
  readonly layout?: 'auto' | ReadableLayout;
  /** Which product of a folder with several; otherwise the name the product gets. */
  readonly product?: string;
  readonly signal?: AbortSignal;
  /** Names the physical part: first capture group of the match with the relative path. */
  readonly groupBy?: RegExp;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Reads `src` in full and reports what an import would take. Throws `not-found` for a missing folder and
 * `bad-dataset` where nothing can be used; a set without defects carries a `no-defects` problem the caller acts on.
 */
export async function scanFolder(src: string, options: ScanOptions = {}): Promise<ImportReport> {
  const walk = await walkFolder(src, options.signal);
  const { layout, why, product, reading } = await recognise(src, walk, options);
  const problems: ImportProblem[] = [...walk.problems, ...reading.problems];
  const items: ImportItem[] = [];
  const tally = new Tally();
  for (const [i, candidate] of reading.candidates.entries()) {
    if (options.signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    items.push(...(await examine(candidate, options.groupBy, problems, tally)));
    options.onProgress?.(i + 1, reading.candidates.length);
  }
  for (const problem of tally.problems()) problems.push(problem);
  if (items.length === 0) throw nothingUsable(src, problems);
  items.sort((a, b) => compareCodePoints(a.file, b.file) || compareCodePoints(a.type ?? '', b.type ?? ''));
  for (const problem of findDuplicates(items)) problems.push(problem);
  const types = countTypes(items);
  if (types.length === 0) {
    problems.push({
      file: '.',
      code: 'no-defects',
      level: 'reject',
      action: 'asked',
      message: `${new Set(items.map((i) => i.file)).size} pictures, but none shows a defect with a mask`,
      hint: 'At least one defect picture with its mask is needed: test/TYPE and ground_truth/TYPE, images/ and masks/, or an annotation file.',
    });
  }
  const normals = items.filter((i) => i.role === 'normal').length;
  return { layout, why, product, items, problems, types, normals };
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
    hint: 'Expected are train/good, test/TYPE and ground_truth/TYPE (MVTec layout), images/ and masks/, or pictures with an annotation file (COCO, YOLO, LabelMe, VOC, CVAT, Label Studio).',
  });
}
