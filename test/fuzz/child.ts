// The process that fuzzes: runs inputs one by one and tells its parent about each. It may be killed at any time.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, ERROR_CODES } from '../../src/core/base/errors.ts';
import { namedRng } from '../../src/core/base/rng.ts';
import type { ChildMessage, InputResult, Job } from './messages.ts';
import type { FuzzTarget, Place } from './target.ts';

/** Beside the folder the product may write to; whatever appears here was written where it must not be. */
const outsideFolder = join(process.cwd(), 'outside');
const place: Place = { inside: join(process.cwd(), 'inside'), outside: join(outsideFolder, 'fuzz.png') };
const CANARY = 'canary.txt';

/** Errors that nobody awaited, of the input at hand. */
const stray: unknown[] = [];
process.on('uncaughtException', (error) => stray.push(error));
process.on('unhandledRejection', (error) => stray.push(error));

function say(message: ChildMessage): void {
  process.send?.(message);
}

/** Files that are not ours in the folders around the one the product may write to. */
function writtenOutside(): string[] {
  const here = readdirSync(process.cwd()).filter((name) => !['inside', 'outside', 'seed'].includes(name));
  return [...here, ...readdirSync(outsideFolder).filter((name) => name !== CANARY)];
}

function freshPlace(): void {
  rmSync(place.inside, { recursive: true, force: true });
  mkdirSync(place.inside, { recursive: true });
  mkdirSync(outsideFolder, { recursive: true });
  if (!existsSync(join(outsideFolder, CANARY))) writeFileSync(join(outsideFolder, CANARY), 'canary');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 2000) : String(error);
}

async function attempt(target: FuzzTarget, index: number, seed: number): Promise<InputResult> {
  const input = await target.make(namedRng(seed, `fuzz/${target.name}/${index}`), place);
  let passed = false;
  try {
    passed = await target.passes(input, place);
  } catch {
    // Not taken by the first stage.
  }
  stray.length = 0;
  const start = performance.now();
  let [outcome, code, note]: [InputResult['outcome'], string | null, string | null] = ['ok', null, null];
  try {
    await target.run(input, place);
  } catch (error) {
    const isKnown = error instanceof AppError && (ERROR_CODES as readonly string[]).includes(error.code);
    if (isKnown && error.code !== 'internal') [outcome, code] = ['refused', error.code];
    else [outcome, note] = ['failed', describe(error)];
  }
  const milliseconds = performance.now() - start;
  // Errors that nobody awaited come after the work that made them.
  await new Promise((resolve) => setImmediate(resolve));
  if (stray.length > 0) [outcome, note] = ['failed', `nobody awaited: ${describe(stray[0])}`];
  const outside = writtenOutside();
  if (outside.length > 0) {
    for (const name of outside) rmSync(join(outsideFolder, name), { recursive: true, force: true });
    [outcome, note] = ['failed', `wrote outside of its folder: ${outside.join(', ')}`];
  }
  if ('polluted' in {}) {
    Reflect.deleteProperty(Object.prototype, 'polluted');
    [outcome, note] = ['failed', 'changed the prototype of all objects'];
  }
  return { index, passed, outcome, code, note, milliseconds };
}

async function work(job: Job): Promise<void> {
  const { TARGETS } = (await import(job.targets)) as { TARGETS: readonly FuzzTarget[] };
  const target = TARGETS.find(({ name }) => name === job.target);
  if (!target) throw new Error(`no target ${job.target}`);
  freshPlace();
  say({ kind: 'ready' });
  for (let index = job.from; index < job.to; index++) {
    freshPlace();
    say({ kind: 'result', ...(await attempt(target, index, job.seed)) });
  }
  say({ kind: 'done' });
}

process.on('message', (job: Job) => {
  work(job).catch((error) => {
    console.error(describe(error));
    process.exit(1);
  });
});
