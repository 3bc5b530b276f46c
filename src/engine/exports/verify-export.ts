// Checks an export folder from outside, trusting nothing that wrote it.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { SourceRef } from './export-job.ts';
import { GOOD } from './export-job.ts';
import type { ManifestGenerated, ManifestReal } from './manifest.ts';
import { MANIFEST_FILE, parseManifest } from './manifest.ts';
import { changedOutside } from './outside.ts';
import { twoPasses } from './progress.ts';
import type { ReadBack } from './read-back.ts';
import { readBack } from './read-back.ts';
import { SourceFinder } from './source-finder.ts';
import { formatSyntheticList, SYNTHETIC_FILE } from './synthetic-list.ts';
import { typeNames } from './type-names.ts';
import type { CheckedPicture } from './verify-coco.ts';
import { verifyCoco } from './verify-coco.ts';
import { readText, verifyFiles } from './verify-files.ts';
import { checkListing } from './verify-listing.ts';
import type { VerifyProblem } from './verify-problem.ts';
import { ProblemList } from './verify-problem.ts';

export interface VerifyOptions {
  /** Folders that hold imported files under the names the manifest gives. */
  readonly sources?: readonly string[];
  /** Finds an imported file by hash, e.g. among a workspace's blobs. */
  readonly findSource?: (source: SourceRef) => Promise<Uint8Array | string | null>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface VerifyReport {
  /** Empty: everything is as it was written. */
  readonly problems: VerifyProblem[];
  readonly files: number;
  readonly bytes: number;
  readonly generated: number;
  readonly real: number;
  /** Generated pictures whose pixels outside the edit region were compared with their source. */
  readonly outsideChecked: number;
  /** Those that claim it but whose source was not found. */
  readonly outsideUnchecked: number;
  /** What our own importer makes of it; null where something is missing or changed. */
  readonly readBack: ReadBack | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An edit region may reach this far beyond the mask. */
const MOST_GROWN = 4;

/** Verifies the folder `dir`; problems are listed, only a missing folder or cancellation throws. */
export async function verifyExport(dir: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const isFolder = await stat(dir).then(
    (s) => s.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new AppError('not-found', `${dir} is not a folder.`, {
      file: dir,
      hint: 'Name the folder of an export.',
    });
  const problems = new ProblemList();
  const { hashes, bytes } = await verifyFiles(dir, problems, options.signal);
  const report: Mutable<VerifyReport> = {
    problems: problems.problems,
    files: hashes.size,
    bytes,
    generated: 0,
    real: 0,
    outsideChecked: 0,
    outsideUnchecked: 0,
    readBack: null,
  };
  if (!hashes.has(MANIFEST_FILE)) {
    problems.add(MANIFEST_FILE, 'manifest.json is missing: the export was not finished or not copied whole.');
    return report;
  }
  const manifest = await problems.attempt(MANIFEST_FILE, async () =>
    parseManifest(await readText(dir, MANIFEST_FILE)),
  );
  if (manifest === null) return report;
  report.generated = manifest.generated.length;
  report.real = manifest.real.length;
  checkListing(manifest, hashes, problems);
  const finder = new SourceFinder(dir, manifest, hashes, options);
  const pictures = new Map<string, CheckedPicture>();
  const entries = [...manifest.real, ...manifest.generated];
  const { first, second } = twoPasses(options.onProgress);
  const names = typeNames(
    manifest.format,
    entries.map((entry) => entry.type),
  );
  for (const [i, entry] of entries.entries()) {
    if (options.signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const opened = hashes.has(entry.file) ? await openEntry(dir, entry, problems) : null;
    if (opened !== null) {
      const { width, height } = opened.raster;
      const { mask, type, file } = entry;
      const picture = pictures.get(file) ?? {
        width,
        height,
        masks: new Map(),
        synthetic: 'generator' in entry,
      };
      if (mask !== null)
        picture.masks.set(names.get(type) ?? type, () => openMask(dir, mask, { width, height }));
      pictures.set(file, picture);
      if ('generator' in entry) {
        const outcome = await checkOutside(entry, opened, finder, problems);
        if (outcome === 'checked') report.outsideChecked++;
        if (outcome === 'unchecked') report.outsideUnchecked++;
      } else if (!entry.reencoded && hashes.get(entry.file) !== entry.sha256) {
        problems.add(entry.file, `${entry.file} is not the file that was imported as ${entry.imported}.`);
      }
    }
    first(i + 1, entries.length);
  }
  if (manifest.format === 'coco') {
    const files = [...hashes.keys()].filter((f) => f.startsWith('annotations/')).sort();
    const texts = await Promise.all(files.map(async (file) => ({ file, text: await readText(dir, file) })));
    await verifyCoco(texts, pictures, problems);
  }
  if (hashes.has(SYNTHETIC_FILE) && (await readText(dir, SYNTHETIC_FILE)) !== formatSyntheticList(manifest))
    problems.add(SYNTHETIC_FILE, `${SYNTHETIC_FILE} does not list the generated pictures of the manifest.`);
  // What is missing or changed has been said; reading it as a dataset would only say it again.
  if (problems.problems.length > 0) return report;
  const back = await problems.attempt('.', () =>
    readBack(dir, manifest, { signal: options.signal, onProgress: second }),
  );
  if (back === null) return report;
  problems.problems.push(...back.problems);
  return { ...report, readBack: back.report };
}

interface Opened {
  readonly raster: Raster;
  readonly mask: Mask | null;
}

/** Decodes picture and mask; null where one of them is bad (reported). */
async function openEntry(
  dir: string,
  entry: ManifestGenerated | ManifestReal,
  problems: ProblemList,
): Promise<Opened | null> {
  const { file, mask: maskFile, type } = entry;
  const picture = await problems.attempt(file, () => decodePicture(join(dir, file), { name: file }));
  if (picture === null) return null;
  if (maskFile === null) {
    if (type !== GOOD) problems.add(file, `${file} shows ${type} but has no mask.`);
    return { raster: picture.raster, mask: null };
  }
  const mask = await problems.attempt(maskFile, () => openMask(dir, maskFile, picture.raster));
  return mask === null ? null : { raster: picture.raster, mask };
}

async function openMask(dir: string, file: string, size: { width: number; height: number }): Promise<Mask> {
  return (await decodeMask(join(dir, file), size, { name: file })).mask;
}

/** Recounts the pixels changed outside the edit region. */
async function checkOutside(
  entry: ManifestGenerated,
  opened: Opened,
  finder: SourceFinder,
  problems: ProblemList,
): Promise<'checked' | 'unchecked' | 'not-claimed'> {
  const { outside, source, file } = entry;
  if (outside === null || !source || opened.mask === null) return 'not-claimed';
  if (outside.grownBy > MOST_GROWN) {
    problems.add(
      file,
      `${file} claims an edit region grown by ${outside.grownBy} pixels; ${MOST_GROWN} is the most.`,
    );
  }
  const original = await problems.attempt(file, () => finder.find(source));
  if (original === null) return 'unchecked';
  const changed = changedOutside(original, opened.raster, opened.mask, Math.min(outside.grownBy, MOST_GROWN));
  const hint = 'Reject this picture; its mask does not tell the whole change.';
  if (changed < 0)
    problems.add(file, `${file} differs from its source ${source.file} in size, channels or depth.`, hint);
  else if (changed > 0)
    problems.add(file, `${file} differs from its source in ${changed} pixels outside the edit region.`, hint);
  else if (outside.changed !== 0)
    problems.add(file, `${file} states ${outside.changed} changed pixels, there are none.`, hint);
  return 'checked';
}
