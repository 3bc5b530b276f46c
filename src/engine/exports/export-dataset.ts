// Writes an export: files first, then manifest.json, then SHA256SUMS, all under a temporary name, then renamed.

import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { AppError } from '../../core/base/errors.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';
import { maskArea } from '../../core/image/raster.ts';
import {
  countDifferences,
  DEFAULT_LIMITS,
  decodeMask,
  decodePicture,
  encodeMaskPng,
  encodePng,
  readBounded,
} from '../imaging/index.ts';
import { CARD_FILE, datasetCard } from './card.ts';
import { formatSums, SUMS_FILE, VERIFY_CMD, verifyCmd } from './checksums.ts';
import { CocoBuilder } from './coco.ts';
import type { ExportJob } from './export-job.ts';
import { GOOD } from './export-job.ts';
import type { Manifest } from './manifest.ts';
import { formatManifest, MANIFEST_FILE } from './manifest.ts';
import type { PlannedGenerated, PlannedReal } from './plan.ts';
import { fileNameOf, planExport } from './plan.ts';
import { StagedFolder } from './write-files.ts';

export interface ExportResult {
  readonly out: string;
  readonly files: number;
  readonly bytes: number;
  readonly generated: number;
  readonly real: number;
}

/** Room for manifest, card, annotations and block sizes, per picture. */
const OVERHEAD_BYTES = 16 * 1024;

/**
 * Writes the set. Every file is flushed, read back and compared; every mask and re-encoded picture is decoded again
 * and compared pixel by pixel. On any error or cancellation nothing is left behind.
 */
export async function exportDataset(job: ExportJob): Promise<ExportResult> {
  const plan = planExport(job);
  if (plan.length === 0) {
    throw new AppError('usage', 'There is nothing to export.', {
      hint: 'Accept some pictures first, or include the real ones.',
    });
  }
  const staged = await StagedFolder.create(job.out, randomUUID().slice(0, 8), await bytesNeeded(job));
  try {
    const manifest: Manifest = {
      version: 1,
      product: job.product,
      format: job.format,
      generated: [],
      real: [],
    };
    const coco =
      job.format === 'coco'
        ? new CocoBuilder(
            job.product,
            plan.map((p) => p.item.type),
          )
        : null;
    for (const [i, planned] of plan.entries()) {
      if (job.signal?.aborted) throw new AppError('cancelled', 'Cancelled. Nothing was exported.');
      const written =
        planned.kind === 'real' ? await writeReal(staged, planned) : await writeGenerated(staged, planned);
      if (planned.kind === 'real') manifest.real.push(realEntry(planned, written));
      else manifest.generated.push(generatedEntry(planned, written));
      const { width, height } = written.raster;
      const name = written.file.slice(written.file.lastIndexOf('/') + 1);
      const image = { file_name: name, width, height, synthetic: planned.kind === 'generated' };
      coco?.add(planned.split, image, planned.item.type, written.mask);
      job.onProgress?.(i + 1, plan.length);
    }
    for (const { file, text } of coco?.finish() ?? []) await staged.write(file, text);
    await staged.write(CARD_FILE, datasetCard(manifest));
    await staged.write(VERIFY_CMD, verifyCmd());
    await staged.write(MANIFEST_FILE, formatManifest(manifest));
    await staged.write(SUMS_FILE, formatSums(staged.hashes));
    if (job.signal?.aborted) throw new AppError('cancelled', 'Cancelled. Nothing was exported.');
    await staged.commit();
    const { generated, real } = manifest;
    return {
      out: staged.target,
      files: staged.hashes.size,
      bytes: staged.bytes,
      generated: generated.length,
      real: real.length,
    };
  } catch (cause) {
    await staged.discard();
    throw cause;
  }
}

interface Written {
  readonly file: string;
  readonly raster: Raster;
  readonly mask: Mask | null;
  readonly reencoded: boolean;
}

async function writeGenerated(staged: StagedFolder, planned: PlannedGenerated): Promise<Written> {
  const { item } = planned;
  const name = `picture ${item.id}`;
  const bytes = await load(item.imagePng, name);
  const { raster, format } = await decodePicture(bytes, { name });
  if (format !== 'png')
    throw new AppError('corrupt', `${name} is stored as ${format}, not PNG.`, { file: name });
  const file = `${planned.folder}/${planned.stem}.png`;
  await staged.write(file, bytes);
  if (item.maskPng === null) {
    if (item.type === GOOD) return { file, raster, mask: null, reencoded: false };
    throw new AppError('bad-mask', `${name} (${item.type}) has no mask.`, {
      file: name,
      hint: 'Reject it, or label it first.',
    });
  }
  const { mask } = await decodeMask(await load(item.maskPng, `mask of ${name}`), raster, {
    name: `mask of ${name}`,
  });
  await writeMask(staged, planned.mask!, mask);
  return { file, raster, mask, reencoded: false };
}

async function writeReal(staged: StagedFolder, planned: PlannedReal): Promise<Written> {
  const { item } = planned;
  const bytes = await load(item.absPath, item.file);
  const picture = await decodePicture(bytes, { name: item.file });
  if (picture.sha256 !== item.sha256) {
    const hint = 'Import the folder again, then export.';
    throw new AppError('corrupt', `${item.file} is not the file that was imported.`, {
      file: item.file,
      hint,
    });
  }
  const { raster, turned } = picture;
  const name = turned ? `${planned.stem}.png` : fileNameOf(planned.stem, item.file, picture.format);
  const file = `${planned.folder}/${name}`;
  if (turned) await writePixels(staged, file, raster, await encodePng(raster, { icc: picture.icc }));
  else await staged.write(file, bytes);
  if (item.maskAbsPath === null) return { file, raster, mask: null, reencoded: turned };
  const name_ = `mask of ${item.file}`;
  const { mask } = await decodeMask(await load(item.maskAbsPath, name_), raster, { name: name_ });
  await writeMask(staged, planned.mask!, mask);
  return { file, raster, mask, reencoded: turned };
}

/** Writes and proves that decoding gives the pixels back. */
async function writePixels(
  staged: StagedFolder,
  file: string,
  raster: Raster,
  png: Uint8Array,
): Promise<void> {
  await staged.write(file, png);
  const back = await decodePicture(png, { name: file });
  if (countDifferences(back.raster, raster) === 0) return;
  throw new AppError('verify-failed', `${file} does not decode to the pixels that were written.`, { file });
}

async function writeMask(staged: StagedFolder, file: string, mask: Mask): Promise<void> {
  const png = await encodeMaskPng(mask);
  await staged.write(file, png);
  const back = await decodeMask(png, mask, { name: file });
  if (back.areaPx === maskArea(mask) && Buffer.from(back.mask.data).equals(mask.data)) return;
  throw new AppError('verify-failed', `${file} does not decode to the mask that was written.`, { file });
}

function load(input: Uint8Array | string, name: string): Promise<Uint8Array> {
  return typeof input === 'string'
    ? readBounded(input, DEFAULT_LIMITS.maxBytes, name)
    : Promise.resolve(input);
}

function generatedEntry({ item, mask }: PlannedGenerated, written: Written): Manifest['generated'][number] {
  const { id, type, generator, seed, recipe, agreement } = item;
  const origin = item.reference !== undefined ? { reference: item.reference } : { source: item.source };
  const outside = item.reference !== undefined ? null : item.outside;
  return { id, file: written.file, mask, ...origin, type, generator, seed, recipe, outside, agreement };
}

function realEntry({ item, mask }: PlannedReal, written: Written): Manifest['real'][number] {
  const { type, split, sha256, file: imported } = item;
  return { file: written.file, mask, type, split, imported, sha256, reencoded: written.reencoded };
}

/** What the files will take, roughly; real pictures are copies. */
async function bytesNeeded(job: ExportJob): Promise<number> {
  const sizeOf = async (input: Uint8Array | string | null): Promise<number> => {
    if (input === null) return 0;
    if (typeof input !== 'string') return input.length;
    return stat(input).then(
      (s) => s.size,
      () => 0,
    );
  };
  let total = 0;
  for (const item of job.generated)
    total += (await sizeOf(item.imagePng)) + (await sizeOf(item.maskPng)) + OVERHEAD_BYTES;
  for (const item of job.real)
    total += (await sizeOf(item.absPath)) + (await sizeOf(item.maskAbsPath)) + OVERHEAD_BYTES;
  return total;
}
