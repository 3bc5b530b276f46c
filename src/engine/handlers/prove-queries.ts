// prove.list, prove.get, prove.check, prove.report: what proofs there are and what they say.

import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { type ProofDetails, type ProofRow, splitSummary } from '../prove/details.ts';
import type { ProofFindings } from '../prove/findings.ts';
import type { PictureQuality } from '../prove/quality.ts';
import { getProduct, type Product } from '../store/products.ts';
import { listProofCells, listProofQuality, proofCellData, proofExamples } from '../store/proofs.ts';
import { getRun, listRuns, type RunRow } from '../store/runs.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { chooseProduct } from './choose-product.ts';
import type { ProofParams } from './prove-prepare.ts';
import { acceptedPictures, chooseSplit, refusalOf } from './prove-split.ts';

/** Final numbers are kept with the run; those of a proof that goes on are computed from its cells. */
export async function storedFindings(
  workspace: ReadableWorkspace,
  runId: string,
  when: 'final' | 'live' = 'final',
): Promise<ProofFindings> {
  const run = getRun(workspace.db, runId);
  if (run?.state.state === 'done') return run.state.outcome as unknown as ProofFindings;
  const { readCell } = await import('../prove/cell-bytes.ts');
  const { FINAL_REPLICATES, findingsOf, LIVE_REPLICATES } = await import('../prove/findings.ts');
  const cells = listProofCells(workspace.db, runId).map(({ arm, seed, metrics }) => ({
    arm,
    seed,
    values: metrics,
    tests: readCell(proofCellData(workspace.db, runId, arm, seed)!),
  }));
  return findingsOf(cells, when === 'final' ? FINAL_REPLICATES : LIVE_REPLICATES);
}

export async function listProofs(context: EngineContext, { product }: { product?: string }) {
  return context.reading((workspace) => {
    const wanted = product === undefined ? null : chooseProduct(workspace.db, product).id;
    const runs = listRuns(workspace.db).filter(
      (run) => run.kind === 'prove' && (wanted === null || run.productId === wanted),
    );
    return { proofs: runs.reverse().map((run) => proofRow(workspace, run)) };
  });
}

function proofRow(workspace: ReadableWorkspace, run: RunRow): ProofRow {
  const { state } = run;
  const { shots, shotSeed, seeds, seed, preset, arms } = run.params as unknown as ProofParams;
  const findings = state.state === 'done' ? (state.outcome as unknown as ProofFindings) : null;
  return {
    id: run.id,
    product: getProduct(workspace.db, run.productId)!.name,
    state: state.state,
    createdAt: run.createdAt,
    updatedAt: run.updatedAt,
    params: { shots, shotSeed, seeds, seed, preset, arms },
    cellsDone: listProofCells(workspace.db, run.id).length,
    cells: arms.length * seeds,
    conclusion: findings?.conclusion ?? null,
    verdict: findings?.verdict ?? null,
    error: state.state === 'failed' ? state.error.message : null,
  };
}

function findRun(workspace: ReadableWorkspace, id: string): RunRow {
  const run = getRun(workspace.db, id);
  if (run?.kind === 'prove') return run;
  throw new AppError('not-found', `there is no proof ${id} in this workspace`, {
    hint: 'List them with: flawsmith info',
  });
}

/** Means over the seeds that are done. */
function meanQuality(workspace: ReadableWorkspace, runId: string): PictureQuality[] {
  const rows = listProofQuality(workspace.db, runId).flatMap(
    (row) => row.quality as unknown as PictureQuality[],
  );
  const mean = (values: (number | null)[]): number | null => {
    const defined = values.filter((v) => v !== null);
    return defined.length === 0 ? null : defined.reduce((a, b) => a + b, 0) / defined.length;
  };
  return [...new Set(rows.map((row) => row.generator))].map((generator) => {
    const own = rows.filter((row) => row.generator === generator);
    return {
      generator,
      pictures: own.reduce((sum, row) => sum + row.pictures, 0),
      kid: mean(own.map((row) => row.kid)),
      diversity: mean(own.map((row) => row.diversity)),
      memorised: mean(own.map((row) => row.memorised)),
      agreement: mean(own.map((row) => row.agreement)),
    };
  });
}

export async function getProof(context: EngineContext, { id }: { id: string }) {
  return context.reading((workspace) => proofDetails(workspace, id));
}

async function proofDetails(workspace: ReadableWorkspace, id: string): Promise<ProofDetails> {
  const run = findRun(workspace, id);
  const { arms, comparisons } = await storedFindings(workspace, id, 'live');
  const examples = proofExamples(workspace.db, id) as unknown as Pick<ProofDetails, 'helped' | 'hurt'> | null;
  return {
    ...proofRow(workspace, run),
    split: (run.params as unknown as ProofParams).split,
    arms,
    comparisons: [...comparisons],
    results: listProofCells(workspace.db, id).map(({ metrics, ...cell }) => ({ ...cell, values: metrics })),
    quality: meanQuality(workspace, id),
    helped: examples?.helped ?? [],
    hurt: examples?.hurt ?? [],
  };
}

export async function checkProof(
  context: EngineContext,
  input: { product?: string; shots: number; shotSeed: number },
  signal: AbortSignal,
) {
  return context.reading(async (workspace) => {
    const product: Product = chooseProduct(workspace.db, input.product);
    const chosen = await chooseSplit(workspace, product, { ...input, leaveOutLeaks: false }, { signal });
    const { split, leaks } = chosen;
    return {
      product: product.name,
      split: splitSummary(split),
      leaks: leaks.map(({ kind, training, test }) => ({
        kind,
        training: { id: training.id, file: training.file },
        test: { id: test.id, file: test.file },
      })),
      accepted: acceptedPictures(workspace, product, split).usable.length,
      refusal: refusalOf(product, chosen)?.message ?? null,
    };
  });
}

async function finished(workspace: ReadableWorkspace, id: string) {
  const run = findRun(workspace, id);
  if (run.state.state !== 'done')
    throw new AppError('usage', `proof ${id} is ${run.state.state}: there is no report yet`, {
      hint: `Go on with: flawsmith prove --resume ${id}`,
    });
  return proofDetails(workspace, id);
}

export async function proofHtml(context: EngineContext, { id }: { id: string }) {
  const { renderProofReport } = await import('../prove/report-html.ts');
  return context.reading(async (workspace) => ({ html: renderProofReport(await finished(workspace, id)) }));
}

export async function writeProofReport(
  context: EngineContext,
  { id, folder }: { id: string; folder: string },
) {
  const { atomicWrite, makeFolder } = await import('../blobs/atomic-write.ts');
  const { renderProofReport } = await import('../prove/report-html.ts');
  const { renderProofPdf } = await import('../prove/report-pdf.ts');
  return context.reading(async (workspace) => {
    const details = await finished(workspace, id);
    const [html, pdf] = [join(folder, 'proof.html'), join(folder, 'proof.pdf')];
    await makeFolder(folder);
    await atomicWrite(html, renderProofReport(details));
    await atomicWrite(pdf, await renderProofPdf(details));
    return { html, pdf };
  });
}
