// Kills commands at random moments, again and again, and checks after each kill that nothing was lost.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { namedRng } from '../../src/core/base/rng.ts';
import { listGenerations } from '../../src/engine/store/generations.ts';
import { isWorkspace, openWorkspaceForReading, type ReadableWorkspace } from '../../src/engine/workspace.ts';
import { tinyWindowPack } from '../engine/support/tiny-window-pack.ts';
import { checkAfterKill, checkKept, checkSound, keptRows, orphans, strayFiles } from './check.ts';
import { type Course, drawMoment, type Moment } from './moment.ts';
import { type CliEvent, type Ended, flawsmith } from './process.ts';
import { writePlate } from './product.ts';
import { type Material, PHASES, type Phase, type Scene, scenesOf, WORKSPACE } from './scene.ts';

export interface CampaignOptions {
  /** An empty folder to work in. */
  readonly folder: string;
  /** Kills per phase. */
  readonly kills: Readonly<Partial<Record<Phase, number>>>;
  readonly seed: number;
  /** At most so many variants of a phase. */
  readonly scenes?: number;
  report(line: object): void;
}

export interface CampaignResult {
  readonly kills: number;
  readonly perPhase: Record<string, number>;
  /** Kills that hit at least one open write. */
  readonly inWrite: number;
  readonly failed: number;
}

interface Prepared {
  readonly scene: Scene;
  readonly base: string;
  readonly course: Course;
  readonly expected: unknown;
}

/** Attempts to hit a process that ends sooner than the one that was measured. */
const ATTEMPTS = 20;

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { folder, kills, seed, report } = options;
  const material: Material = {
    product: await writePlate(join(folder, 'plate')),
    pack: tinyWindowPack(join(folder, 'pack')),
  };
  const result = { kills: 0, perPhase: {} as Record<string, number>, inWrite: 0, failed: 0 };
  let base = join(folder, 'empty');
  mkdirSync(base);
  for (const phase of PHASES) {
    const wanted = kills[phase] ?? 0;
    if (PHASES.slice(PHASES.indexOf(phase)).every((later) => !kills[later])) break;
    const scenes = scenesOf(phase, material).slice(
      0,
      Math.max(1, Math.min(wanted, options.scenes ?? wanted)),
    );
    const prepared: Prepared[] = [];
    for (const scene of scenes) prepared.push(await prepare(scene, base, folder));
    for (const { scene, course } of prepared) {
      report({ event: 'course', phase, scene: scene.name, ms: Math.round(course.ms), writes: course.writes });
    }
    for (let i = 0; i < wanted; i++) {
      const line = await killOnce(prepared[i % prepared.length], folder, `${seed}/${phase}/${i}`);
      report({ event: 'kill', kill: ++result.kills, ...line });
      result.perPhase[phase] = (result.perPhase[phase] ?? 0) + 1;
      if (line.openWrites.length > 0) result.inWrite++;
      if (line.failures.length > 0) result.failed++;
    }
    // The next phase starts from the undisturbed end of this one's first scene.
    base = join(folder, `after-${phase}-${scenes[0].name}`);
  }
  return result;
}

/** Runs the command undisturbed: what must come out, and how long and through how many writes it goes. */
async function prepare(scene: Scene, base: string, folder: string): Promise<Prepared> {
  const after = join(folder, `after-${scene.phase}-${scene.name}`);
  cpSync(base, after, { recursive: true });
  const ended = await mustSucceed(scene.command(after), folder);
  const expected = read(after, (workspace) => scene.outcome(workspace, after));
  if (scene.phase === 'generate') await recreateLast(after, folder);
  return { scene, base, course: { ms: ended.writes.ms, writes: ended.writes.begun }, expected };
}

/** Takes the files of the last picture away and has them made again: the undisturbed end must come back whole. */
async function recreateLast(trial: string, scratch: string): Promise<void> {
  const { id, files } = read(trial, ({ db, blobs }) => {
    const last = listGenerations(db).at(-1)!;
    const all = [last.imageBlob, last.maskBlob].filter((blob) => blob !== null);
    return { id: last.id, files: all.map((blob) => blobs.path(blob)) };
  });
  for (const file of files) rmSync(file);
  const { events } = await mustSucceed(['recreate', id, '--workspace', join(trial, WORKSPACE)], scratch);
  if (events.at(-1)?.equal === true && files.every((file) => existsSync(file))) return;
  throw new Error(`picture ${id} was not made again: ${JSON.stringify(events.at(-1))}`);
}

async function mustSucceed(args: readonly string[], scratch: string): Promise<Ended> {
  const ended = await flawsmith(args, scratch);
  if (ended.code === 0) return ended;
  throw new Error(
    `undisturbed "${args.join(' ')}" ended with ${ended.code}: ${JSON.stringify(ended.events.at(-1))}`,
  );
}

async function killOnce({ scene, base, course, expected }: Prepared, folder: string, name: string) {
  const trial = join(folder, 'trial');
  const rng = namedRng(0, name);
  let moment: Moment;
  let ended: Ended;
  let attempt = 0;
  do {
    if (++attempt > ATTEMPTS) throw new Error(`${scene.phase} ends before it can be killed`);
    rmSync(trial, { recursive: true, force: true });
    cpSync(base, trial, { recursive: true });
    moment = drawMoment(rng, course);
    ended = await flawsmith(scene.command(trial), folder, moment);
  } while (!ended.killed);

  const before = isWorkspace(join(base, WORKSPACE))
    ? read(base, ({ db }) => keptRows(db))
    : new Set<string>();
  const failures: string[] = [];
  let recovered: object | null = null;
  let wentOn: string[] | null = null;
  let leftOver = 0;
  try {
    const opened = await checkAfterKill(trial, before, ended.events);
    recovered = opened?.recovered ?? null;
    failures.push(...(opened?.failures ?? []));
    if (opened !== null) failures.push(...strays(trial, 'after the next opening'));
    wentOn =
      opened === null ? scene.command(trial) : read(trial, (workspace) => scene.goOn(workspace, trial));
    if (wentOn !== null) {
      const again = await flawsmith(wentOn, folder);
      if (again.code !== 0)
        failures.push(`going on ended with ${again.code}: ${JSON.stringify(again.events.at(-1))}`);
    }
    leftOver = await checkEnd(trial, scene, expected, before, failures);
  } catch (error) {
    failures.push(`${(error as Error).message}`);
  }
  return {
    phase: scene.phase,
    scene: scene.name,
    at:
      moment.write === null
        ? { ms: Math.round(moment.afterMs!) }
        : { write: moment.write, micros: moment.delayMicros },
    step: stepOf(ended.events),
    openWrites: ended.writes.open.map((what) => what.replaceAll(`${trial}/`, '')),
    writesBefore: ended.writes.begun - ended.writes.open.length,
    recovered,
    wentOn:
      wentOn === null ? null : wentOn.join(' ').replaceAll(`${trial}/`, '').replaceAll(`${folder}/`, ''),
    leftOver,
    failures,
  };
}

/** Compares with the undisturbed run; returns how many files no row points at. */
async function checkEnd(
  trial: string,
  scene: Scene,
  expected: unknown,
  before: ReadonlySet<string>,
  failures: string[],
): Promise<number> {
  const workspace = openWorkspaceForReading(join(trial, WORKSPACE));
  try {
    failures.push(...(await checkSound(workspace)), ...checkKept(workspace.db, before));
    const outcome = scene.outcome(workspace, trial);
    if (!isDeepStrictEqual(outcome, expected))
      failures.push(`not the same as undisturbed: ${difference(outcome, expected)}`);
    return (await orphans(workspace)).length;
  } finally {
    workspace.close();
    failures.push(...strays(trial, 'at the end'));
  }
}

const strays = (trial: string, when: string): string[] =>
  strayFiles(trial, ['set']).map((path) => `stray ${when}: ${path}`);

function difference(is: unknown, wanted: unknown): string {
  const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)];
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return `${a.slice(Math.max(0, i - 40), i + 80)} instead of ${b.slice(Math.max(0, i - 40), i + 80)}`;
}

/** The last thing the process said it was doing. */
function stepOf(events: readonly CliEvent[]): string | null {
  const last = events.findLast((event) => event.event === 'progress');
  return last === undefined ? null : `${last.phase} ${last.done}/${last.total}`;
}

function read<T>(trial: string, work: (workspace: ReadableWorkspace) => T): T {
  const workspace = openWorkspaceForReading(join(trial, WORKSPACE));
  try {
    return work(workspace);
  } finally {
    workspace.close();
  }
}
