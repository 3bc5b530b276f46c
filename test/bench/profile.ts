// npm run bench:profile: where the time of the pack's training step goes, as a table in docs/results.md.
// One lane (half the batch, one thread), with this PC's tuned lowerings, from ONNX Runtime's own profile.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { holdForeground } from '../../scripts/foreground.ts';
import { differentiated } from '../../src/core/autodiff/step-program.ts';
import { namedRng } from '../../src/core/base/rng.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Program } from '../../src/core/graph/graph.ts';
import { emitOnnx } from '../../src/core/onnx/emit.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';
import { loweringProfile } from '../../src/engine/runtime/lowering-profile.ts';
import { tune } from '../../src/engine/runtime/tuner.ts';
import { unetProgram } from '../../src/engine/training/pack/train-unet.ts';
import { nodeOwners, programFlops } from './program-nodes.ts';

const ROWS = 4;
const RUNS = 6;
const DOCUMENT = new URL('../../docs/results.md', import.meta.url);
const MARKS = ['<!-- profile -->', '<!-- /profile -->'] as const;

/** Kinds of work, by IR op; what is not listed moves or combines numbers. */
const KINDS: Readonly<Record<string, string>> = {
  conv2d: 'convolution, forward',
  convInputGrad: 'convolution, gradient of the input',
  convWeightGrad: 'convolution, gradient of the weight',
  matmul: 'matrix products (attention and linear layers)',
  normalizeRows: 'normalisation',
  rowRstd: 'normalisation',
  groupNorm: 'normalisation',
  groupNormalized: 'normalisation',
  groupRstd: 'normalisation',
  scaleShift: 'normalisation',
  linear: 'matrix products (attention and linear layers)',
  attend: 'matrix products (attention and linear layers)',
  softmax: 'softmax',
  sum: 'sums',
  transpose: 'moving and reshaping',
  reshape: 'moving and reshaping',
  narrow: 'moving and reshaping',
  pad: 'moving and reshaping',
  concat: 'moving and reshaping',
};
const kindOf = (op: string) => KINDS[op] ?? 'elementwise';

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
}

function feedsOf(inputs: ReturnType<typeof emitOnnx>['inputs']): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape }]) => [
      name,
      dtype === 'int32'
        ? new ort.Tensor('int32', new Int32Array(sizeOf(shape)).fill(3), shape)
        : new ort.Tensor('float32', namedRng(0, name).fillNormal(new Float32Array(sizeOf(shape))), shape),
    ]),
  );
}

/** GFLOP/s of one thread on a product of 1024 x 1024 matrices, best of 5. */
async function matrixPeak(): Promise<number> {
  const b = new Builder();
  const y = b.matmul(b.input('p', [1024, 1024]), b.input('q', [1024, 1024]));
  const model = emitOnnx({ outputs: { y } });
  const session = await ort.InferenceSession.create(model.bytes, { intraOpNumThreads: 1 });
  const feeds = feedsOf(model.inputs);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - start);
  }
  return (2 * 1024 ** 3) / best / 1e6;
}

async function profile(program: Program): Promise<{ milliseconds: Map<string, number>; total: number }> {
  const lowerings = loweringProfile((await tune([program], new AbortController().signal)).choices);
  const { owners, trace } = nodeOwners();
  const model = emitOnnx(program, { choice: lowerings, trace });
  const folder = mkdtempSync(join(tmpdir(), 'flawsmith-profile-'));
  const session = await ort.InferenceSession.create(model.bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    enableMemPattern: false,
    intraOpNumThreads: 1,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'run'),
    logSeverityLevel: 3,
  });
  const feeds = feedsOf(model.inputs);
  for (let i = 0; i < RUNS; i++) await session.run(feeds);
  session.endProfiling();
  const [file] = readdirSync(folder);
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[];
  rmSync(folder, { recursive: true });
  const milliseconds = new Map<string, number>();
  let total = 0;
  for (const { cat, name, dur } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const node = name.slice(0, -'_kernel_time'.length);
    const kind = kindOf(
      owners.get(node) ?? (/Conv/.test(node) ? 'conv2d' : /MatMul|Gemm/.test(node) ? 'matmul' : ''),
    );
    milliseconds.set(kind, (milliseconds.get(kind) ?? 0) + dur / 1000 / RUNS);
    total += dur / 1000 / RUNS;
  }
  return { milliseconds, total };
}

/** Multiply-adds of the convolutions and products of a program, times two. */
function flopsByKind(program: Program): Map<string, number> {
  const flops = new Map<string, number>();
  for (const { op, flop } of programFlops(program)) {
    flops.set(kindOf(op), (flops.get(kindOf(op)) ?? 0) + flop);
  }
  return flops;
}

holdForeground('.work/foreground');
const program = differentiated(unetProgram(ROWS));
const peak = await matrixPeak();
const { milliseconds, total } = await profile(program);
const flops = flopsByKind(program);
const rows = [...milliseconds]
  .sort((a, b) => b[1] - a[1])
  .map(([kind, ms]) => {
    const rate = flops.has(kind) ? (flops.get(kind) as number) / ms / 1e6 : null;
    const share = `${((100 * ms) / total).toFixed(0)} %`;
    return `| ${kind} | ${share} | ${rate === null ? '' : `${((100 * rate) / peak).toFixed(0)} %`} |`;
  });
const all = [...flops.values()].reduce((a, v) => a + v, 0) / total / 1e6;
const table = [
  '| work | share of the time | of the matrix peak |',
  '|---|---|---|',
  ...rows,
  `| the whole graph | 100 % | ${((100 * all) / peak).toFixed(0)} % |`,
].join('\n');
console.log(table);
const text = readFileSync(DOCUMENT, 'utf8');
const [start, end] = MARKS.map((mark) => text.indexOf(mark));
if (start >= 0 && end > start) {
  writeFileSync(DOCUMENT, `${text.slice(0, start + MARKS[0].length)}\n${table}\n${text.slice(end)}`);
}
process.exit(0);
