// Runs every area over one folder and counts: what was required and not run is a failure.

import { readdirSync } from 'node:fs';
import { AREAS, type Area, REQUIRED_AREAS } from './areas/index.ts';
import { type CheckResult, notRun } from './check.ts';
import { neverRead } from './golden.ts';

export interface Tally {
  /** Checks that were run, of all the folder asks for. */
  run: number;
  total: number;
  failed: number;
}

/** Results of one area; an exception becomes a failed check, so that the other areas still run. */
async function* guarded(area: Area, dir: string): AsyncGenerator<CheckResult> {
  let last = 'start';
  let name = '';
  try {
    for await (const result of area.run(dir)) {
      last = result.name;
      name = result.area;
      yield result;
    }
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    yield { area: name || area.AREA, name: `after ${last}`, status: 'fail', note: message };
  }
}

/** Tensors of a folder named like an area that was run in full, and that none of its checks read. */
function* leftOver(dir: string, areas: ReadonlySet<string>): Generator<CheckResult> {
  for (const { name } of readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (!areas.has(name)) continue;
    for (const tensor of neverRead(dir, name)) yield notRun(name, tensor, 'no check reads this tensor');
  }
}

/**
 * Runs the areas one after the other.
 * @param tell called with every result as it comes
 * @param only names of areas to run; all where it is empty
 * @returns per area, in order of appearance, required areas without any check included
 */
export async function runParity(
  dir: string,
  tell: (result: CheckResult) => void,
  only: readonly string[] = [],
): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>();
  const count = (result: CheckResult): void => {
    tell(result);
    const tally = tallies.get(result.area) ?? { run: 0, total: 0, failed: 0 };
    tally.total++;
    if (result.status !== 'not-run') tally.run++;
    if (result.status !== 'ok') tally.failed++;
    tallies.set(result.area, tally);
  };
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  for (const area of AREAS)
    if (wanted(area.AREA)) for await (const result of guarded(area, dir)) count(result);
  // The schedule of forward/ is the samplers' business, and so on: what is left over shows only after all have run.
  if (only.length === 0) for (const result of leftOver(dir, new Set(tallies.keys()))) count(result);
  for (const name of REQUIRED_AREAS) {
    if (wanted(name) && !tallies.has(name))
      count(notRun(name, 'all', 'no area reports it, or the folder holds nothing for it'));
  }
  return tallies;
}
