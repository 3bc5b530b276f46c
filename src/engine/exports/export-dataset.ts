// Writes an export: files first, then manifest.json, then SHA256SUMS, all under a temporary name, then renamed.

import { randomUUID } from 'node:crypto';
import { AppError } from '../../core/base/errors.ts';
import type { AnnotationFile, LabelledPicture } from '../../core/formats/annotations/write-model.ts';
import { encodeIndexPng } from '../imaging/index.ts';
import { CARD_FILE, datasetCard } from './card.ts';
import { checkFromDrive } from './check-from-drive.ts';
import { formatSums, SUMS_FILE, VERIFY_CMD, verifyCmd } from './checksums.ts';
import type { ExportJob } from './export-job.ts';
import type { Manifest } from './manifest.ts';
import { formatManifest, MANIFEST_FILE } from './manifest.ts';
import type { ExportPlan, Planned, PlannedGenerated, PlannedReal } from './plan.ts';
import { planExport } from './plan.ts';
import type { ReadBack } from './read-back.ts';
import { readBack } from './read-back.ts';
import { bytesNeeded } from './space.ts';
import { formatSyntheticList, SYNTHETIC_FILE } from './synthetic-list.ts';
import { StagedFolder } from './write-files.ts';
import type { Written } from './write-picture.ts';
import { writePicture } from './write-picture.ts';
import { writerFor } from './writers.ts';

export interface ExportResult {
  readonly out: string;
  readonly files: number;
  readonly bytes: number;
  readonly generated: number;
  readonly real: number;
  /** Every file was read again past the system's memory. */
  readonly fromDrive: boolean;
  /** What our own importer made of the folder before it got its name. */
  readonly readBack: ReadBack;
}

/**
 * Writes the set. Every file is flushed, read back and compared, at the end once more from the drive itself where the
 * system allows it; every mask and re-encoded picture is decoded again and compared pixel by pixel; the importer reads the whole and must find the same types, splits and masks. On any
 * error or cancellation nothing is left behind.
 */
export async function exportDataset(job: ExportJob): Promise<ExportResult> {
  const plan = planExport(job);
  if (plan.pictures.length === 0) {
    throw new AppError('usage', 'There is nothing to export.', {
      hint: 'Accept some pictures first, or include the real ones.',
    });
  }
  const staged = await StagedFolder.create(job.out, randomUUID().slice(0, 8), await bytesNeeded(job));
  try {
    const manifest = await writeAll(staged, job, plan);
    const fromDrive = await checkFromDrive(staged, job);
    await job.turn?.();
    const back = await readBack(staged.path, manifest, {
      signal: job.signal,
      onProgress: (done, total) => job.onProgress?.(done, total, { phase: 'read', bytes: 0 }),
    });
    if (back.problems.length > 0) {
      const [{ file, message }] = back.problems;
      const hint = `${job.format} cannot hold this picture as it is labelled. Export as COCO, or change its labels.`;
      throw new AppError('verify-failed', `${message} Nothing was exported.`, { file, hint });
    }
    stopIfCancelled(job);
    await staged.commit();
    const { generated, real } = manifest;
    return {
      out: staged.target,
      files: staged.hashes.size,
      bytes: staged.bytes,
      generated: generated.length,
      real: real.length,
      fromDrive,
      readBack: back.report,
    };
  } catch (cause) {
    await staged.discard();
    throw cause;
  }
}

async function writeAll(staged: StagedFolder, job: ExportJob, plan: ExportPlan): Promise<Manifest> {
  const { product, format } = job;
  const manifest: Manifest = { version: 1, product, format, generated: [], real: [] };
  const writer = writerFor(format, plan.product, [...plan.typeNames.values()]);
  for (const [i, planned] of plan.pictures.entries()) {
    await job.turn?.();
    stopIfCancelled(job);
    const written = await writePicture(staged, planned);
    if (planned.kind === 'real') manifest.real.push(...realEntries(planned, written));
    else manifest.generated.push(...generatedEntries(planned, written));
    if (writer !== null) await writeFiles(staged, writer.add(labelled(planned, written, plan)));
    job.onProgress?.(i + 1, plan.pictures.length, { phase: 'write', bytes: staged.bytes });
  }
  if (writer !== null) await writeFiles(staged, writer.finish());
  await staged.write(SYNTHETIC_FILE, formatSyntheticList(manifest));
  await staged.write(CARD_FILE, datasetCard(manifest, job.models));
  await staged.write(VERIFY_CMD, verifyCmd());
  await staged.write(MANIFEST_FILE, formatManifest(manifest));
  await staged.write(SUMS_FILE, formatSums(staged.hashes));
  return manifest;
}

function labelled({ kind, split }: Planned, written: Written, plan: ExportPlan): LabelledPicture {
  const { file, raster } = written;
  const { width, height, channels } = raster;
  const name = file.slice(file.lastIndexOf('/') + 1);
  const masks = written.masks.map(({ type, mask }) => ({ type: plan.typeNames.get(type)!, mask }));
  return { name, width, height, channels, split, synthetic: kind === 'generated', masks };
}

async function writeFiles(staged: StagedFolder, files: readonly AnnotationFile[]): Promise<void> {
  for (const { file, content } of files) {
    const bytes = typeof content === 'string' ? content : await encodeIndexPng(content, content.palette);
    await staged.write(file, bytes);
  }
}

function stopIfCancelled(job: ExportJob): void {
  if (job.signal?.aborted) throw new AppError('cancelled', 'Cancelled. Nothing was exported.');
}

function generatedEntries({ labels }: PlannedGenerated, written: Written): Manifest['generated'] {
  return labels.map(({ item, mask }) => {
    const { id, type, generator, seed, recipe, agreement } = item;
    const origin = item.reference !== undefined ? { reference: item.reference } : { source: item.source };
    const outside = item.reference !== undefined ? null : item.outside;
    const label = item.label === 'box' ? { label: item.label } : {};
    return {
      id,
      file: written.file,
      mask,
      ...origin,
      type,
      generator,
      ...label,
      seed,
      recipe,
      outside,
      agreement,
    };
  });
}

/** One entry per type; those of one picture share its file. */
function realEntries({ labels }: PlannedReal, written: Written): Manifest['real'] {
  return labels.map(({ item, mask }) => {
    const { type, split, sha256, file: imported } = item;
    return { file: written.file, mask, type, split, imported, sha256, reencoded: written.reencoded };
  });
}
