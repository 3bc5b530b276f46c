// ExportService on src/engine/exports: turns what the store knows into a plain export job.

import { exportDataset, type GeneratedItem, GOOD, type RealItem, verifyExport } from '../exports/index.ts';
import type { DatasetPicture, ExportService, StoredPicture } from '../services.ts';

export const exportService: ExportService = {
  async write(job, signal) {
    const { out, format, product, onProgress } = job;
    const generated = job.generated.map(toGeneratedItem);
    const real = job.real.map(toRealItem);
    const { files, bytes, readBack } = await exportDataset({
      out,
      format,
      product,
      generated,
      real,
      signal,
      onProgress,
    });
    return { folder: out, files, bytes, readBack };
  },

  async verify(folder, { signal, findSource, onProgress }) {
    const report = await verifyExport(folder, {
      signal,
      onProgress,
      findSource: async ({ sha256 }) => findSource(sha256),
    });
    return { folder, ...report };
  },
};

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
