// Parity of metrics: every number metrics/index.json expects, and the stored curves.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ranking } from '../../../src/core/metrics/ranking.ts';
import { type CheckResult, checkAbsolute, checkThat, notRun, TOLERANCE } from '../check.ts';
import { type Golden, openGolden, readJson } from '../golden.ts';
import {
  detectionRanking,
  f1At,
  KINDS,
  type Measure,
  type Measured,
  type MetricCase,
  pixelPictures,
  pixelRanking,
} from '../metrics-cases.ts';

export const AREA = 'metrics';
/** Says something about the case; nothing to compute. */
const REMARKS = ['kind', 'note'];
/** The kernel this project has, as the index spells it. */
const KERNEL = '(x.y/d + 1)^3';

/** Equality of what is undefined, then of the numbers. */
function compare(name: string, got: Measured, gold: Measured): CheckResult {
  const [a, b] = [got, gold].map((side) => (Array.isArray(side) ? side : [side]) as (number | null)[]);
  const isSame = a.length === b.length && a.every((value, i) => (value === null) === (b[i] === null));
  if (!isSame) {
    const note = `${JSON.stringify(got)} for ${JSON.stringify(gold)}`;
    return { area: AREA, name, status: 'fail', note: note.slice(0, 200) };
  }
  const numbers = (side: (number | null)[]): number[] => side.filter((value) => value !== null);
  return checkAbsolute(AREA, name, numbers(a), numbers(b), TOLERANCE.metrics);
}

interface F1 {
  readonly f1: number;
  readonly threshold: number;
}

/** F1-max: its value, and that the reference's threshold reaches it too (several may). */
function* f1Checks(name: string, gold: F1 | null, got: Measured, ranking: Ranking): Generator<CheckResult> {
  yield compare(name, got, gold === null ? null : gold.f1);
  if (gold !== null) yield compare(`${name}.at_threshold`, f1At(ranking, gold.threshold), gold.f1);
}

/** An object, or a list of lists: its parts have keys of their own. */
function isBranch(gold: unknown): gold is object {
  return typeof gold === 'object' && gold !== null && !(Array.isArray(gold) && !Array.isArray(gold[0]));
}

function* caseChecks(golden: Golden, name: string, c: MetricCase): Generator<CheckResult> {
  const measure: Measure = KINDS[c.kind](golden, name, c);
  const ranking = (): Ranking =>
    c.kind === 'pixel' ? pixelRanking(pixelPictures(golden, name)) : detectionRanking(golden, name);
  const walk = function* (key: string, gold: unknown): Generator<CheckResult> {
    const label = `${name}/${key}`;
    const got = measure(key);
    if (key === 'kernel') yield checkThat(AREA, label, gold === KERNEL, `here it is ${KERNEL}`);
    else if (got !== undefined && key.endsWith('f1_max'))
      yield* f1Checks(label, gold as F1 | null, got, ranking());
    else if (got !== undefined) yield compare(label, got, gold as Measured);
    else if (isBranch(gold))
      for (const [part, value] of Object.entries(gold)) yield* walk(`${key}.${part}`, value);
    else yield notRun(AREA, label, 'no metric of that name');
  };
  for (const [key, gold] of Object.entries(c)) if (!REMARKS.includes(key)) yield* walk(key, gold);
  for (const tensor of golden.names.filter((n) => n.startsWith(`${name}.pro_`)))
    yield* walk(tensor.slice(name.length + 1), [...golden.floats(tensor)]);
}

export async function* run(dir: string): AsyncGenerator<CheckResult> {
  if (!existsSync(join(dir, 'metrics/index.json'))) return;
  const { cases } = readJson<{ cases: Record<string, MetricCase> }>(dir, 'metrics/index.json');
  const golden = openGolden(dir, 'metrics/metrics.safetensors');
  try {
    for (const [name, c] of Object.entries(cases)) {
      if (!Object.hasOwn(KINDS, c.kind)) {
        yield notRun(AREA, name, `no metric of the kind ${c.kind}`);
        continue;
      }
      try {
        yield* caseChecks(golden, name, c);
      } catch (error) {
        yield {
          area: AREA,
          name,
          status: 'fail',
          note: error instanceof Error ? error.message : String(error),
        };
      }
    }
    for (const name of golden.unread()) yield notRun(AREA, name, 'tensor of no case');
  } finally {
    golden.close();
  }
}
