// datasets.import: report first, then, unless it is a dry run, everything in one step.

import { AppError } from '../../core/base/errors.ts';
import {
  actionOf,
  type ImageRole,
  type ImageSplit,
  type ImportProblem,
  type ImportReport,
  type ReadableLayout,
} from '../../core/domain/import-report.ts';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import { isWorkspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { commitImport } from './commit-import.ts';
import { type PlannedItem, planImport } from './plan-import.ts';
import { progressOf } from './progress.ts';

export interface ImportInput {
  source: string;
  layout: 'auto' | ReadableLayout;
  dryRun: boolean;
  skipBad: boolean;
  product?: string;
  groupBy?: string;
}

export async function importDataset(context: EngineContext, input: ImportInput, call: Call) {
  // A missing or locked workspace is better reported before minutes of reading.
  const workspace = input.dryRun ? null : await context.writable();
  if (workspace !== null) await settleLabels(workspace, context.clock);
  const report = await scan(context, input, call);
  for (const problem of report.problems)
    call.emit({ event: 'problem', ...problem, action: actionOf(problem) });

  const rejected = report.problems.filter((problem) => problem.level === 'reject');
  if (workspace === null) return summary(report, await planOnly(context, input.source, report), true);
  if (rejected.length > 0 && !input.skipBad) throw refusal(rejected);
  const plan = await planImport(workspace.db, input.source, report);
  await commitImport(workspace, context.clock, { source: input.source, report, plan }, call);
  return summary(report, plan, false);
}

async function scan(context: EngineContext, input: ImportInput, call: Call): Promise<ImportReport> {
  return context.services.datasets.scan(input.source, {
    layout: input.layout,
    product: input.product,
    groupBy: input.groupBy === undefined ? undefined : toRegExp(input.groupBy),
    signal: call.signal,
    onProgress: progressOf(call, context.clock, 'read'),
  });
}

async function planOnly(
  context: EngineContext,
  source: string,
  report: ImportReport,
): Promise<PlannedItem[]> {
  if (!isWorkspace(context.folder)) return planImport(null, source, report);
  return context.reading((workspace) => planImport(workspace.db, source, report));
}

function summary(report: ImportReport, plan: readonly PlannedItem[], dryRun: boolean) {
  const count = (...changes: PlannedItem['change'][]): number =>
    plan.filter((p) => changes.includes(p.change)).length;
  return {
    dryRun,
    layout: report.layout,
    why: report.why,
    product: report.product,
    normals: report.normals,
    unlabelled: report.items.filter((item) => item.role === 'unlabelled').length,
    types: report.types,
    splits: splitCounts(report),
    masks: report.items.filter((item) => item.maskAreaPx !== null).length,
    rejected: report.problems.filter((problem) => problem.level === 'reject').length,
    warnings: report.problems.filter((problem) => problem.level === 'warn').length,
    added: count('new'),
    changed: count('picture', 'mask'),
    unchanged: count('none'),
  };
}

/** Pictures per kind and split; `type` is null where the role says it all. */
function splitCounts({ items }: ImportReport) {
  const rows = Map.groupBy(items, ({ role, type, split }) =>
    JSON.stringify([role, role === 'defect' ? type : null, split]),
  );
  return [...rows].map(([key, members]) => {
    const [role, type, split] = JSON.parse(key) as [ImageRole, string | null, ImageSplit | null];
    return { role, type, split, pictures: members.length };
  });
}

/** The first problem decides code, file and hint; the others have been sent as events. */
function refusal(rejected: readonly ImportProblem[]): AppError {
  const first = rejected[0];
  const more =
    rejected.length > 1
      ? ` (and ${rejected.length - 1} more file${rejected.length > 2 ? 's' : ''} with problems)`
      : '';
  return new AppError(first.code, `nothing was imported: ${first.message}${more}`, {
    file: first.file,
    hint: `${first.hint} Or leave such files out with --skip-bad.`,
  });
}

function toRegExp(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new AppError('usage', `--group-by is not a regular expression: ${(error as Error).message}`, {
      hint: 'For example --group-by "part(\\d+)" for files like part17_view2.png.',
    });
  }
}
