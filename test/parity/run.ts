// Runs every area over one folder and counts: what was required and not run is a failure.

import { AREAS, type Area, REQUIRED_AREAS } from './areas/index.ts';
import { type CheckResult, notRun } from './check.ts';

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
    yield { area: name || 'parity', name: `after ${last}`, status: 'fail', note: message };
  }
}

/**
 * Runs the areas one after the other.
 * @param tell called with every result as it comes
 * @returns per area, in order of appearance, required areas without any check included
 */
export async function runParity(
  dir: string,
  tell: (result: CheckResult) => void,
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
  for (const area of AREAS) for await (const result of guarded(area, dir)) count(result);
  for (const name of REQUIRED_AREAS) {
    if (!tallies.has(name))
      count(notRun(name, 'all', 'no area reports it, or the folder holds nothing for it'));
  }
  return tallies;
}
