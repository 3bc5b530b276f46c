// exports.export and exports.verify: the reviewed set as a folder, read back before it counts as written.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import type { ExportJob } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { insertExport } from '../store/exports.ts';
import { listGenerations } from '../store/generations.ts';
import { listImages } from '../store/images.ts';
import { listTypes, type Product } from '../store/products.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { toDatasetPicture, toStoredPicture } from './pictures.ts';

export interface ExportInput {
  format: 'mvtec' | 'coco';
  out: string;
  parts: 'both' | 'generated' | 'real';
  product?: string;
}

export async function exportDataset(context: EngineContext, input: ExportInput, call: Call) {
  const workspace = await context.writable();
  const product = chooseProduct(workspace.db, input.product);
  const job = gather(workspace, product, input, call);
  const outcome = await context.services.exports.write(job, call.signal);
  const result = {
    folder: outcome.folder,
    format: input.format,
    files: outcome.files,
    bytes: outcome.bytes,
    generated: job.generated.length,
    real: job.real.length,
  };
  record(context, workspace, product, result);
  return result;
}

export async function verifyExport(context: EngineContext, input: { folder: string }, call: Call) {
  const { folder, files, bytes, problems } = await context.services.exports.verify(input.folder, call.signal);
  for (const { file, message } of problems) {
    call.emit({
      event: 'problem',
      level: 'reject',
      code: 'verify-failed',
      file,
      message,
      hint: 'Copy or export it again.',
    });
  }
  if (problems.length > 0) {
    const [first] = problems;
    throw new AppError(
      'verify-failed',
      `${problems.length} of ${files} files differ; the first: ${first.message}`,
      {
        file: first.file,
        hint: 'Do not use this copy; copy or export it again.',
      },
    );
  }
  return { folder, files, bytes };
}

function gather(workspace: Workspace, product: Product, input: ExportInput, call: Call): ExportJob {
  const generated =
    input.parts === 'real'
      ? []
      : listGenerations(workspace.db, { productId: product.id, status: 'accepted' });
  if (generated.length === 0 && input.parts !== 'real') {
    throw new AppError('not-found', `no generated picture of "${product.name}" has been accepted yet`, {
      hint: 'Accept some with "flawsmith review --rule accept:unflagged", or export --parts real.',
    });
  }
  const real =
    input.parts === 'generated'
      ? []
      : listImages(workspace.db, product.id).filter((image) => image.role !== 'unlabelled');
  return {
    format: input.format,
    out: input.out,
    product: product.name,
    types: listTypes(workspace.db, product.id).map((type) => type.name),
    generated: generated.map((row) => toStoredPicture(row, workspace)),
    real: real.map((image) => toDatasetPicture(image, workspace.blobs)),
    engineVersion: ENGINE_VERSION,
    onProgress: (done, total) =>
      call.emit({ event: 'progress', phase: 'export', done, total, etaSeconds: null, note: null }),
  };
}

function record(
  context: EngineContext,
  workspace: Workspace,
  product: Product,
  result: { folder: string; format: string; files: number; bytes: number; generated: number; real: number },
): void {
  const { db } = workspace;
  const at = context.clock.now();
  const { folder, format, ...summary } = result;
  db.transaction(() => {
    insertExport(db, {
      id: context.clock.newId(),
      productId: product.id,
      format,
      folder,
      summary,
      createdAt: at,
    });
    appendAudit(db, at, { event: 'exported', product: product.name, format, ...summary });
  });
}
