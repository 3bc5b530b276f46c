// What a training shows while it works: pictures that change nothing of the result, ending early, going on.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FlawsmithClient } from '../../../src/contract/contract.ts';
import type { StepEvent } from '../../../src/contract/events.ts';
import { defaultServices } from '../../../src/engine/default-services.ts';
import type { Services } from '../../../src/engine/services.ts';
import { findTokenSet } from '../../../src/engine/store/token-sets.ts';
import { openWorkspaceForReading } from '../../../src/engine/workspace.ts';
import { connect, resultOf } from '../support/connected.ts';
import { writePlate } from '../support/plate.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tinyWindowPack } from '../support/tiny-window-pack.ts';

const STEPS = 8;

async function plate(t: TestContext, services: Services = defaultServices()) {
  const folder = join(tempFolder(t), 'parts');
  const { client } = connect(t, folder, {}, services);
  await client.workspace.init({});
  // No picture is left over to measure with: that would take longer than the training.
  const source = await writePlate(tempFolder(t), { good: 3, each: 3 });
  await resultOf(client.datasets.import({ source, layout: 'auto', dryRun: false, skipBad: false }));
  const pack = tinyWindowPack(join(tempFolder(t), 'tiny'));
  return { folder, client, pack };
}

const wanted = (pack: string, adapterRank = 0) => ({
  method: 'seas' as const,
  preset: 'quick' as const,
  seed: 1,
  shotSeed: 0,
  attention: 'code' as const,
  steps: STEPS,
  pack,
  adapterRank,
  device: 'cpu' as const,
});

/** SHA-256 of every file of the token set. */
function filesOf(folder: string, tokenSet: string): Record<string, string> {
  const workspace = openWorkspaceForReading(folder);
  try {
    return findTokenSet(workspace.db, tokenSet)!.files;
  } finally {
    workspace.close();
  }
}

/** Does something when the run has told of so many updates. */
async function during(
  client: FlawsmithClient,
  input: Parameters<FlawsmithClient['training']['train']>[0],
  after: number,
  act: (runId: string) => Promise<unknown>,
) {
  let runId = '';
  let done = false;
  const events: StepEvent[] = [];
  for await (const event of await client.training.train(input)) {
    if (event.event === 'result') return { result: event, events };
    events.push(event);
    if (event.event === 'run') runId = event.runId;
    if (event.event === 'loss' && event.step >= after && !done) {
      done = true;
      await act(runId);
    }
  }
  throw new Error('the run gave no result');
}

test('a run that shows its progress, is paused and goes on gives what one unseen and undisturbed gives', async (t) => {
  const { training } = defaultServices();
  const blind: Services = {
    ...defaultServices(),
    training: {
      ...training,
      train: (request, context) => training.train(request, { ...context, watch: undefined }),
    },
  };
  const unseen = await plate(t, blind);
  const whole = await resultOf(unseen.client.training.train(wanted(unseen.pack, 2)));
  assert.deepEqual((await unseen.client.training.watch({ runId: whole.runId })).previews, []);

  const { folder, client, pack } = await plate(t);
  const { id } = await client.jobs.start({ method: 'training.train', input: wanted(pack, 2) });
  let runId = '';
  for await (const event of await client.jobs.follow({ id })) {
    if (event.event === 'run') runId = event.runId;
    if (event.event === 'loss' && event.step === 3) await client.jobs.stop({ id });
  }
  const [stopped] = (await client.training.runs({})).runs;
  assert.deepEqual([stopped.state, stopped.stoppedBy], ['interrupted', 'stopped']);
  const { result, events } = await during(client, { resume: runId }, 0, async () => {});
  const first = events.find(({ event }) => event === 'loss');
  assert.ok(first !== undefined && 'step' in first && first.step > 3, 'nothing is done twice');
  assert.deepEqual(filesOf(folder, result.tokenSet), filesOf(unseen.folder, whole.tokenSet));

  const { points, previews } = await client.training.watch({ runId });
  assert.deepEqual(
    points.map(({ step }) => step),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  assert.ok(points.every(({ terms }) => Number.isFinite(terms.loss) && Number.isFinite(terms.L_df)));
  const samples = previews.filter(({ kind, place }) => kind === 'sample' && place === 0);
  assert.deepEqual(
    samples.map(({ step }) => step),
    [0, 1, 2, 4, 6, 8],
  );
  const at = (step: number, kind: string) =>
    previews.filter((p) => p.step === step && p.kind === kind).length;
  assert.deepEqual([at(0, 'real'), at(0, 'sample'), at(0, 'attention'), at(8, 'sample')], [4, 4, 20, 4]);
  assert.deepEqual([...new Set(previews.map(({ type }) => type))].sort(), ['dent', 'scratch']);
  const { file, width } = await client.media.locate({ kind: 'preview', id: previews[0].id });
  assert.ok(file.length > 0 && width === 128);
});

test('a run that is ended early keeps a token set that generates', async (t) => {
  const { client, pack } = await plate(t);
  const { result } = await during(client, { ...wanted(pack), steps: 400 }, 2, (runId) =>
    client.training.keep({ runId }),
  );
  const { steps, plannedSteps } = result.summary as { steps: number; plannedSteps: number };
  assert.ok(steps >= 2 && steps < 400, `${steps}`);
  assert.equal(plannedSteps, 400);
  const [run] = (await client.training.runs({})).runs;
  assert.deepEqual([run.state, run.ending, run.steps, run.plannedSteps], ['done', true, steps, 400]);
  assert.ok(run.seconds > 0 && (run.peakBytes ?? 0) > 50e6);
  const { previews } = await client.training.watch({ runId: run.id });
  assert.equal(previews.at(-1)?.step, steps, 'its last state is shown');
  await assert.rejects(client.training.keep({ runId: run.id }), /is done/);
  const made = await resultOf(
    client.generation.generate({ generator: 'windows', type: 'dent', count: 1, seed: 1, shotSeed: 0 }),
  );
  assert.equal(made.total, 1);
});
