// exports.export and exports.verify: the reviewed set as a folder, read back before it counts as written.

import { join } from 'node:path';
import type { ReadBack } from '../../contract/methods/exports.ts';
import { AppError } from '../../core/base/errors.ts';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import { BlobReader } from '../blobs/blob-reader.ts';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import { noteExport } from '../runs/unfinished-exports.ts';
import type { ExportJob } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { insertExport } from '../store/exports.ts';
import { listGenerations } from '../store/generations.ts';
import { listImages } from '../store/images.ts';
import { listTypes, type Product } from '../store/products.ts';
import { deleteUnfinishedExport } from '../store/unfinished-exports.ts';
import { ENGINE_VERSION } from '../version.ts';
import { isWorkspace, type Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { toDatasetPicture, toStoredPicture } from './pictures.ts';
import { progressOf } from './progress.ts';

export interface ExportInput {
  format: ExportFormat;
  out: string;
  parts: 'both' | 'generated' | 'real';
  product?: string;
}

export async function exportDataset(context: EngineContext, input: ExportInput, call: Call) {
  const workspace = await context.writable();
  await settleLabels(workspace, context.clock);
  const product = chooseProduct(workspace.db, input.product);
  const job = gather(context, workspace, product, input, call);
  const noted = noteExport(workspace.db, context.clock, {
    productId: product.id,
    format: input.format,
    folder: input.out,
    counts: { generated: job.generated.length, real: job.real.length },
  });
  const outcome = await context.services.exports.write(job, call.signal).catch((error) => {
    if (noted !== null) forgetExport(workspace, noted);
    throw error;
  });
  const result = {
    folder: outcome.folder,
    format: input.format,
    files: outcome.files,
    bytes: outcome.bytes,
    generated: job.generated.length,
    real: job.real.length,
    readBack: outcome.readBack,
  };
  record(context, workspace, product, result, noted);
  return result;
}

export async function verifyExport(context: EngineContext, input: { folder: string }, call: Call) {
  const blobs = isWorkspace(context.folder) ? new BlobReader(join(context.folder, 'blobs')) : null;
  const outcome = await context.services.exports.verify(input.folder, {
    signal: call.signal,
    findSource: (sha256) => (blobs?.has(sha256) ? blobs.path(sha256) : null),
    onProgress: progressOf(call, context.clock, 'verify'),
  });
  const { problems, ...result } = outcome;
  for (const problem of problems) call.emit({ event: 'problem', level: 'reject', ...problem });
  if (problems.length > 0) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    throw new AppError('verify-failed', `this copy is not as it was written: ${first.message}${more}`, {
      file: first.file,
      hint: first.hint,
    });
  }
  const { folder, files, bytes, outsideChecked, outsideUnchecked, readBack } = result;
  return { folder, files, bytes, outsideChecked, outsideUnchecked, readBack };
}

function gather(
  context: EngineContext,
  workspace: Workspace,
  product: Product,
  input: ExportInput,
  call: Call,
): ExportJob {
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
    onProgress: progressOf(call, context.clock, 'export'),
  };
}

function record(
  context: EngineContext,
  workspace: Workspace,
  product: Product,
  result: {
    folder: string;
    format: string;
    files: number;
    bytes: number;
    generated: number;
    real: number;
    readBack: ReadBack;
  },
  noted: string | null,
): void {
  const { db } = workspace;
  const at = context.clock.now();
  const { folder, format, readBack, ...counts } = result;
  const summary = { ...counts, readBack: { ...readBack } };
  db.transaction(() => {
    if (noted !== null) deleteUnfinishedExport(db, noted);
    insertExport(db, {
      id: noted ?? context.clock.newId(),
      productId: product.id,
      format,
      folder,
      summary,
      createdAt: at,
    });
    appendAudit(db, at, { event: 'exported', product: product.name, format, ...summary });
  });
}

/** The export failed and has cleared up after itself; where even this cannot be stored, the next opening does it. */
function forgetExport(workspace: Workspace, id: string): void {
  try {
    deleteUnfinishedExport(workspace.db, id);
  } catch {
    // The failure that is reported is the export's.
  }
}
