// ExportService on src/engine/exports: turns what the store knows into a plain export job.

import {
  exportDataset,
  forecastExport,
  type GeneratedItem,
  GOOD,
  type ExportJob as PlainJob,
  type RealItem,
  verifyExport,
} from '../exports/index.ts';
import type { DatasetPicture, ExportJob, ExportService, StoredPicture } from '../services.ts';

export const exportService: ExportService = {
  async write(job, signal) {
    const { files, bytes, fromDrive, readBack } = await exportDataset(toPlainJob(job, signal));
    return { folder: job.out, files, bytes, fromDrive, readBack };
  },

  forecast: (job, signal) => forecastExport(toPlainJob(job, signal)),

  async verify(folder, { signal, findSource, onProgress }) {
    const report = await verifyExport(folder, {
      signal,
      onProgress,
      findSource: async ({ sha256 }) => findSource(sha256),
    });
    return { folder, ...report };
  },
};

function toPlainJob(job: ExportJob, signal: AbortSignal): PlainJob {
  const { out, format, product, models, onProgress, turn } = job;
  const generated = job.generated.map(toGeneratedItem);
  const real = job.real.map(toRealItem);
  return { out, format, product, generated, real, models, signal, onProgress, turn };
}

function toGeneratedItem(picture: StoredPicture): GeneratedItem {
  const source =
    picture.source === null ? null : { file: picture.source.file, sha256: picture.source.sha256 };
  const isReference = picture.sourceUse === 'reference';
  return {
    id: picture.id,
    type: picture.type ?? GOOD,
    imagePng: picture.path,
    maskPng: picture.maskPath,
    source: isReference ? null : source,
    ...(isReference && source !== null && { reference: source }),
    generator: picture.generator,
    ...(picture.label === 'box' && { label: 'box' as const }),
    seed: picture.seed,
    recipe: picture.recipe,
    outside: isReference ? null : picture.checks.outside,
    agreement: picture.checks.agreement,
  };
}

function toRealItem(picture: DatasetPicture): RealItem {
  return {
    file: picture.file,
    absPath: picture.path,
    maskAbsPath: picture.maskPath,
    type: picture.type ?? GOOD,
    split: picture.split,
    sha256: picture.sha256,
  };
}
