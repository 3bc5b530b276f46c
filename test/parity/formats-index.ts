// What formats/index.json says, and folders made of its pictures for the importer to read.

import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../src/core/base/errors.ts';
import type { ImportItem, ImportReport, ReadableLayout } from '../../src/core/domain/import-report.ts';
import { orMasks } from '../../src/core/image/mask-ops.ts';
import { emptyMask, type Mask } from '../../src/core/image/raster.ts';
import { scanFolder } from '../../src/engine/datasets/index.ts';
import { decodeMask } from '../../src/engine/imaging/index.ts';

export type Verdict = 'accept' | 'warn' | 'reject';

export interface FormatsIndex {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly kind: string;
        readonly shown_size: readonly [number, number];
        readonly classes: readonly string[];
        readonly mask_pixels: number;
        readonly exact: boolean;
      }
    >
  >;
  readonly bad: readonly { readonly file: string; readonly expect: Verdict; readonly reason: string }[];
}

/** Runs `work` in a folder of its own that vanishes afterwards. */
export async function inTempFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-parity-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies files (source path to path in the folder). */
export async function place(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [target, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await cp(source, join(folder, target), { recursive: true });
  }
}

/** Every file of images/, below `under` in the folder. */
export async function allPictures(formats: string, under: string): Promise<Record<string, string>> {
  const names = await readdir(join(formats, 'images'));
  return Object.fromEntries(names.map((name) => [join(under, name), join(formats, 'images', name)]));
}

/** The importer's verdict on a folder; that nothing in it is a defect is no verdict on a file. */
export async function verdictOf(
  folder: string,
  layout: 'auto' | ReadableLayout = 'auto',
): Promise<{ verdict: Verdict; said: string }> {
  let report: ImportReport;
  try {
    report = await scanFolder(folder, { layout });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { verdict: 'reject', said: error.message };
  }
  const problems = report.problems.filter((problem) => problem.code !== 'no-defects');
  const rejected = problems.find((problem) => problem.level === 'reject');
  const said = (rejected ?? problems[0])?.message ?? '';
  return { verdict: rejected !== undefined ? 'reject' : problems.length > 0 ? 'warn' : 'accept', said };
}

/** The mask of an item as it would be stored. */
export async function maskOf(item: ImportItem): Promise<Mask | null> {
  const source = item.maskPng === null ? item.maskAbsPath : await item.maskPng();
  return source === null ? null : (await decodeMask(source, item)).mask;
}

/** Masks of all types together, by picture; empty for pictures without. */
export async function unionMasks(items: readonly ImportItem[]): Promise<Map<string, Mask>> {
  const masks = new Map<string, Mask>();
  for (const item of items) {
    const mask = (await maskOf(item)) ?? emptyMask(item.width, item.height);
    const before = masks.get(item.file);
    masks.set(item.file, before === undefined ? mask : orMasks(before, mask));
  }
  return masks;
}
