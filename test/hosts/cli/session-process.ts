// A process that computes: a session in its own thread and two in lanes.

import { Builder } from '../../../src/core/graph/builder.ts';
import { compile } from '../../../src/engine/runtime/executable.ts';
import { compileLanes } from '../../../src/engine/runtime/lanes.ts';

const b = new Builder();
const program = { outputs: { y: b.mul(b.input('x', [4]), 2) } };
const feeds = { x: new Float32Array(4).fill(1) };
const executable = await compile(program, { threads: 1 });
await executable.run(feeds);
const lanes = await compileLanes(program, 2, { threads: 2 });
await lanes.runAll([feeds, feeds]);
// Events are sent ten seconds after the first of them.
await new Promise((resolve) => setTimeout(resolve, 14_000));
await lanes.release();
await executable.release();
