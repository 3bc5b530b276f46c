// Runs the blocks program and prints what the process took.

import { sizeOf } from '../../../src/core/tensor/shape.ts';
import { compile } from '../../../src/engine/runtime/executable.ts';
import { blocksProgram } from './blocks-program.ts';

const base = process.memoryUsage.rss();
const executable = await compile(blocksProgram(process.argv[2] === 'true'), { threads: 1 });
const feeds = Object.fromEntries(
  Object.entries(executable.inputs).map(([name, { shape }]) => [
    name,
    new Float32Array(sizeOf(shape)).fill(0.01),
  ]),
);
await executable.run(feeds);
await executable.release();
process.stdout.write(JSON.stringify({ base, peak: 1024 * process.resourceUsage().maxRSS }));
