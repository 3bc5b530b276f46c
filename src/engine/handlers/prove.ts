// prove.run: a new proof, the rest of one that stopped, or the result of one that is done.

import { join } from 'node:path';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import type { RunContext } from '../runs/run-context.ts';
import { executeRun } from '../runs/run-manager.ts';
import {
  insertProofCell,
  listProofCells,
  listProofQuality,
  putProofExamples,
  putProofQuality,
} from '../store/proofs.ts';
import type { Workspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { importDataset } from './import.ts';
import { type NewProof, type PreparedProof, prepareProof, reopenProof } from './prove-prepare.ts';
import { storedFindings, writeProofReport } from './prove-queries.ts';

export interface ResumedProof {
  resume: string;
  report?: string;
}

export interface ProveInput extends NewProof {
  data?: string;
  folder?: string;
  groupBy?: string;
  report?: string;
}

export async function prove(parent: EngineContext, input: ProveInput | ResumedProof, call: Call) {
  if ('resume' in input || input.folder === undefined) return proveIn(parent, input, call);
  const context = parent.forFolder(input.folder);
  try {
    await context.writable({ create: true });
    return await proveIn(context, input, call);
  } finally {
    await context.close();
  }
}

async function proveIn(context: EngineContext, input: ProveInput | ResumedProof, call: Call) {
  const workspace = await context.writable({ create: !('resume' in input) && input.data !== undefined });
  await settleLabels(workspace, context.clock);
  const prepared =
    'resume' in input
      ? await reopenProof(context, workspace, input.resume, call)
      : await prepareProof(
          context,
          workspace,
          { ...input, product: await productOf(context, input, call) },
          call,
        );
  for (const message of prepared.notes) call.emit({ event: 'log', level: 'warn', message });
  const { run } = prepared;
  if (run.state.state !== 'done') await execute(context, workspace, prepared, call);
  const { arms, comparisons, conclusion, verdict } = await storedFindings(workspace, run.id);
  const cells = listProofCells(workspace.db, run.id);
  const folder = input.report ?? join(workspace.folder, 'reports', run.id);
  return {
    runId: run.id,
    product: prepared.job.product,
    workspace: workspace.folder,
    arms,
    comparisons: [...comparisons],
    conclusion,
    verdict,
    split: prepared.params.split,
    seconds: cells.reduce((sum, cell) => sum + cell.seconds, 0),
    report: await writeProofReport(context, { id: run.id, folder }),
  };
}

/** The product to prove: of the folder that is imported first, or as it was named. */
async function productOf(context: EngineContext, input: ProveInput, call: Call): Promise<string | undefined> {
  if (input.data === undefined) return input.product;
  const { data: source, groupBy, product } = input;
  const imported = await importDataset(
    context,
    { source, layout: 'auto', dryRun: false, skipBad: true, groupBy, product },
    call,
  );
  return imported.product;
}

async function execute(
  context: EngineContext,
  workspace: Workspace,
  { run, job }: PreparedProof,
  call: Call,
): Promise<void> {
  const { db } = workspace;
  const { runProof } = await import('../prove/run-proof.ts');
  const { Scratch } = await import('../prove/scratch.ts');
  const { cellBytes } = await import('../prove/cell-bytes.ts');
  const scratch = new Scratch(workspace.folder, run.id);
  const total = job.arms.length * job.seeds;
  await executeRun(workspace, context.clock, run, {
    signal: call.signal,
    emit: call.emit,
    async work(runContext: RunContext) {
      await runProof(job, scratch, runContext, {
        isDone: (arm, seed) => listProofCells(db, run.id).some((c) => c.arm === arm && c.seed === seed),
        onCell({ arm, seed, metrics, seconds, tests }) {
          const createdAt = context.clock.now();
          insertProofCell(db, run.id, { arm, seed, metrics, seconds, data: cellBytes(tests), createdAt });
        },
        async afterCell(arm, seed, values) {
          const { arms } = await storedFindings(workspace, run.id, 'live');
          const done = listProofCells(db, run.id).length;
          call.emit({ event: 'cell', runId: run.id, arm, seed, done, total, values, arms });
        },
        hasQuality: (seed) => listProofQuality(db, run.id).some((row) => row.seed === seed),
        onQuality: (seed, quality) => putProofQuality(db, run.id, seed, JSON.parse(JSON.stringify(quality))),
        turn: (work) => context.device.use(call.signal, work),
        now: () => context.clock.now(),
      });
      const { findExamples } = await import('../prove/examples.ts');
      const findings = await storedFindings(workspace, run.id);
      const examples = await findExamples(workspace, run.id, job, findings.conclusion);
      return {
        outcome: JSON.parse(JSON.stringify(findings)),
        commit: () => putProofExamples(db, run.id, JSON.parse(JSON.stringify(examples))),
      };
    },
  });
  await scratch.removeAll();
}
