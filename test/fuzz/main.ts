// npm run fuzz [-- --seed N --count N --target NAME]: malformed inputs for every parser; exits 1 on any failure, or when
// too few inputs get past the first stage of their parser to mean anything.

import { parseArgs } from 'node:util';
import { fuzz, type TargetTally } from './run.ts';

/** Share of inputs that must pass the first stage. */
const LEAST_PASSED = 0.3;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '10000' },
    target: { type: 'string', multiple: true, default: [] },
  },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1) {
  console.error('usage: npm run fuzz [-- --seed N --count N --target NAME]');
  process.exit(2);
}

function line({
  name,
  inputs,
  passed,
  accepted,
  refused,
  slowest,
  failures,
  firstStage,
}: TargetTally): string {
  const share = ((100 * passed) / inputs).toFixed(0);
  const codes = Object.entries(refused)
    .map(([code, n]) => `${code} ${n}`)
    .join(', ');
  const end = failures.length > 0 ? `, ${failures.length} FAILED` : '';
  return `${name}: ${inputs} inputs, ${share} % past the first stage (${firstStage}), ${accepted} accepted, refused: ${codes || 'none'}, slowest ${slowest.toFixed(0)} ms${end}`;
}

const tallies = await fuzz({ seed, count, only: values.target }, (tally) => {
  console.log(line(tally));
  for (const { target, index, kind, note } of tally.failures)
    console.log(`  FAILED ${target} #${index} (seed ${seed}): ${kind}: ${note}`);
});
const sum = (of: (tally: TargetTally) => number): number => tallies.reduce((total, t) => total + of(t), 0);
const [inputs, passed, failed] = [sum((t) => t.inputs), sum((t) => t.passed), sum((t) => t.failures.length)];
const poor = tallies.filter((t) => t.passed < LEAST_PASSED * t.inputs).map((t) => t.name);
const share = ((100 * passed) / inputs).toFixed(0);
console.log(`all: seed ${seed}, ${inputs} inputs, ${share} % past the first stage, ${failed} failed`);
if (poor.length > 0) console.log(`too few past the first stage: ${poor.join(', ')}`);
process.exitCode = failed > 0 || poor.length > 0 ? 1 : 0;
