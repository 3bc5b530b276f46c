// demo.run: the whole way in one call, through the same steps a user would take.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import type { DeviceChoice, StoredPicture } from '../services.ts';
import { listGenerations } from '../store/generations.ts';
import { getImage } from '../store/images.ts';
import { findTokenSet } from '../store/token-sets.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { exportDataset } from './export.ts';
import { verifyExport } from './export-verify.ts';
import { generate } from './generate.ts';
import { importDataset } from './import.ts';
import { toDatasetPicture, toStoredPicture } from './pictures.ts';
import { decide } from './review.ts';
import { chooseDataset } from './run-dataset.ts';
import { train } from './train.ts';

export interface DemoInput {
  data?: string;
  shots: number;
  out: string;
  seed: number;
  device?: DeviceChoice;
}

/** Pictures by `windows`, over all types, and by `seas`. */
const WINDOWS_PICTURES = 60;
const SEAS_PICTURES = 8;

export async function runDemo(parent: EngineContext, input: DemoInput, call: Call) {
  assertFree(input.out);
  const context = parent.forFolder(join(input.out, 'workspace'));
  try {
    return await demo(context, input, call);
  } finally {
    await context.close();
  }
}

async function demo(context: EngineContext, input: DemoInput, call: Call) {
  const { seed, shots, device } = input;
  await context.writable({ create: true });
  const source =
    input.data ?? (await context.services.samples.render(join(input.out, 'sample'), seed, call.signal));
  const imported = await importProduct(context, source, call);
  await assertUsable(context, imported.product, input);
  const training = await train(
    context,
    {
      method: 'seas',
      preset: 'quick',
      shots,
      shotSeed: seed,
      seed,
      adapterRank: 0,
      attention: 'code',
      device,
    },
    call,
  );
  const runs = await makePictures(context, training.types, { seed, device }, call);

  const accepted = await decide(context, {
    decision: 'accept',
    reason: 'all checks passed',
    select: { where: 'unflagged', redecide: false },
  });
  if (accepted.decided === 0) {
    const message = 'no generated picture passed its checks; only the real ones are exported';
    call.emit({ event: 'log', level: 'warn', message });
  }
  const exported = await exportDataset(
    context,
    { format: 'mvtec', out: join(input.out, 'export'), parts: accepted.decided > 0 ? 'both' : 'real' },
    call,
  );
  await verifyExport(context, { folder: exported.folder }, call);

  const numbers = {
    training: training.summary,
    ...runs.numbers,
    accepted: accepted.accepted,
    exportedFiles: exported.files,
  };
  const report = await writeReport(
    context,
    input.out,
    imported.product,
    runs,
    training.tokenSet,
    numbers,
    call,
  );
  return {
    folder: input.out,
    workspace: context.folder,
    export: exported.folder,
    ...report,
    pictures: runs.windows.length + runs.seas.length,
    accepted: accepted.accepted,
    numbers,
  };
}

/** The demo has no option that names one of several products. */
async function importProduct(context: EngineContext, source: string, call: Call) {
  try {
    return await importDataset(context, { source, layout: 'auto', dryRun: false, skipBad: true }, call);
  } catch (error) {
    if (!(error instanceof AppError) || error.details.products === undefined) throw error;
    const hint = 'Give the folder of one product with --data.';
    throw new AppError(error.code, error.message, { ...error.details, hint }, error);
  }
}

/** What would stop the demo later is said before minutes of training. */
async function assertUsable(
  context: EngineContext,
  name: string,
  { data, shots, seed }: DemoInput,
): Promise<void> {
  const workspace = await context.writable();
  const product = chooseProduct(workspace.db, name);
  const { normals } = chooseDataset(workspace, product, { shots, shotSeed: seed });
  if (normals.length > 0) return;
  throw new AppError('bad-dataset', `"${name}" has no good picture to put defects into`, {
    ...(data !== undefined && { file: data }),
    hint: 'Add pictures without a defect: train/good in MVTec layout. Then start again with another --out.',
  });
}

interface DemoRuns {
  windows: string[];
  seas: string[];
  numbers: { windows: number; windowsFlagged: number; seas: number; seasFlagged: number };
}

async function makePictures(
  context: EngineContext,
  types: readonly string[],
  { seed, device }: Pick<DemoInput, 'seed' | 'device'>,
  call: Call,
): Promise<DemoRuns> {
  const runs: DemoRuns = {
    windows: [],
    seas: [],
    numbers: { windows: 0, windowsFlagged: 0, seas: 0, seasFlagged: 0 },
  };
  const plan = [
    { generator: 'windows' as const, count: WINDOWS_PICTURES },
    { generator: 'seas' as const, count: SEAS_PICTURES },
  ];
  for (const { generator, count } of plan) {
    for (const type of types) {
      const made = await generate(
        context,
        {
          generator,
          type,
          count: Math.ceil(count / types.length),
          seed,
          shotSeed: seed,
          masks: 'real',
          device,
        },
        call,
      );
      const workspace = await context.writable();
      runs[generator].push(...listGenerations(workspace.db, { runId: made.runId }).map((row) => row.id));
      runs.numbers[generator] += made.total;
      runs.numbers[`${generator}Flagged`] += made.flagged;
    }
  }
  return runs;
}

async function writeReport(
  context: EngineContext,
  out: string,
  product: string,
  runs: DemoRuns,
  tokenSet: string,
  numbers: Parameters<EngineContext['services']['reports']['write']>[0]['numbers'],
  call: Call,
) {
  const workspace = await context.writable();
  const all = new Map(listGenerations(workspace.db).map((row) => [row.id, row]));
  const pick = (ids: readonly string[]): StoredPicture[] =>
    ids.map((id) => toStoredPicture(all.get(id)!, workspace));
  const shots = findTokenSet(workspace.db, tokenSet)!.shots.map((id) =>
    toDatasetPicture(getImage(workspace.db, id)!, workspace.blobs),
  );
  return context.services.reports.write(
    { out, product, generated: pick(runs.windows), seas: pick(runs.seas), shots, numbers },
    call.signal,
  );
}

function assertFree(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new AppError('usage', 'the folder for the demo is not empty', {
    file: folder,
    hint: 'Name another one with --out, or leave --out away.',
  });
}
