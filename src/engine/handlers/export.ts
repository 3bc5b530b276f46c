// exports.export: the reviewed set as a folder, read back before it counts as written.

import type { ReadBack } from '../../contract/methods/exports.ts';
import { AppError } from '../../core/base/errors.ts';
import type { ImageSplit } from '../../core/domain/import-report.ts';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import { noteExport } from '../runs/unfinished-exports.ts';
import type { ExportJob } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { insertExport } from '../store/exports.ts';
import { listGenerations } from '../store/generations.ts';
import { listImages } from '../store/images.ts';
import { getPack } from '../store/packs.ts';
import { listTypes, type Product } from '../store/products.ts';
import { getRun } from '../store/runs.ts';
import { deleteUnfinishedExport } from '../store/unfinished-exports.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { ReadableWorkspace, Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { openGate } from './export-gate.ts';
import { exportProgress } from './export-progress.ts';
import { toDatasetPicture, toStoredPicture } from './pictures.ts';

/** What goes into an export. */
export interface ExportContents {
  format: ExportFormat;
  parts: 'both' | 'generated' | 'real';
  types?: string[];
  splits?: ImageSplit[];
  product?: string;
}

export interface ExportInput extends ExportContents {
  out: string;
}

export async function exportDataset(context: EngineContext, input: ExportInput, call: Call) {
  const workspace = await context.writable();
  await settleLabels(workspace, context.clock);
  const product = chooseProduct(workspace.db, input.product);
  const { job, leftOut } = gatherExport(workspace, product, input);
  if (job.generated.length === 0 && leftOut === 0 && input.parts !== 'real') throw noneAccepted(product.name);
  const models = await baseModels(context, workspace, job);
  const gate = openGate(context, input.out);
  const noted = noteExport(workspace.db, context.clock, {
    productId: product.id,
    format: input.format,
    folder: input.out,
    counts: { generated: job.generated.length, real: job.real.length },
  });
  const progress = exportProgress(call, context.clock);
  const watched = {
    ...job,
    models,
    onProgress: progress.onProgress,
    turn: () => gate.turn(call.signal, progress.held),
  };
  const outcome = await context.services.exports
    .write(watched, call.signal)
    .catch((error) => {
      if (noted !== null) forgetExport(workspace, noted);
      throw error;
    })
    .finally(gate.close);
  const result = {
    folder: outcome.folder,
    format: input.format,
    files: outcome.files,
    bytes: outcome.bytes,
    generated: job.generated.length,
    real: job.real.length,
    fromDrive: outcome.fromDrive,
    readBack: outcome.readBack,
  };
  record(context, workspace, product, result, noted);
  return result;
}

/** The pictures that an export takes, and how many accepted ones its choice leaves out. */
export function gatherExport(
  workspace: ReadableWorkspace,
  product: Product,
  input: ExportInput,
): { job: ExportJob; leftOut: number } {
  const types = listTypes(workspace.db, product.id).map((type) => type.name);
  const unknown = input.types?.find((type) => !types.includes(type));
  if (unknown !== undefined) {
    const hint = `It has: ${types.join(', ') || 'none'}.`;
    throw new AppError('not-found', `"${product.name}" has no defect type "${unknown}"`, { hint });
  }
  const accepted =
    input.parts === 'real'
      ? []
      : listGenerations(workspace.db, { productId: product.id, status: 'accepted' });
  const takes = (type: string | null, split: ImageSplit | null): boolean =>
    (type === null || (input.types?.includes(type) ?? true)) &&
    (input.splits?.includes(split ?? 'train') ?? true);
  const generated = accepted.filter((row) => takes(row.type, 'train'));
  const real =
    input.parts === 'generated'
      ? []
      : listImages(workspace.db, product.id).filter(
          ({ role, type, split }) => role !== 'unlabelled' && takes(type, split),
        );
  const job = {
    format: input.format,
    out: input.out,
    product: product.name,
    types,
    generated: generated.map((row) => toStoredPicture(row, workspace)),
    real: real.map((image) => toDatasetPicture(image, workspace.blobs)),
    engineVersion: ENGINE_VERSION,
  };
  return { job, leftOut: accepted.length - generated.length };
}

/** The base packs that drew pictures of the job, with their licence where the pack is still here. */
async function baseModels(
  context: EngineContext,
  workspace: ReadableWorkspace,
  { generated }: ExportJob,
): Promise<ExportJob['models']> {
  const drawn = generated.filter(({ generator }) => generator !== 'paste');
  const runs = [...new Set(drawn.map(({ runId }) => runId))].map((id) => getRun(workspace.db, id));
  const ids = new Set(runs.flatMap((run) => (run?.packId ? [run.packId] : [])));
  if (ids.size === 0) return [];
  const here = await context.services.packs.list(await context.packsFolder());
  return [...ids].flatMap((id) => {
    const pack = getPack(workspace.db, id);
    if (pack === undefined) return [];
    const licence = here.find(({ hash }) => hash === pack.hash)?.licence;
    return [{ name: pack.name, hash: pack.hash, licence: licence || 'not stated' }];
  });
}

function noneAccepted(product: string): AppError {
  return new AppError('not-found', `no generated picture of "${product}" has been accepted yet`, {
    hint: 'Accept some with "flawsmith review --rule accept:unflagged", or export --parts real.',
  });
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
    fromDrive: boolean;
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
