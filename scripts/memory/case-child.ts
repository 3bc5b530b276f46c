// `predict NAME THREADS` or `run NAME THREADS`: one case in a process of its own, one JSON line.

import { CASES } from './cases.ts';
import { peakBytes, residentBytes } from './process-memory.ts';

const [mode, name, threads] = process.argv.slice(2);
const found = CASES[name];
const base = residentBytes();
if (mode === 'predict')
  process.stdout.write(`${JSON.stringify({ bytes: found.predict(Number(threads)) })}\n`);
else {
  await found.run(Number(threads));
  process.stdout.write(`${JSON.stringify({ base, peak: peakBytes() })}\n`);
}
