// Parity of single ops and small composites: value and gradients of every case, by every lowering, on ONNX Runtime.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Program } from '../../../src/core/graph/graph.ts';
import { topologicalOrder, type Value } from '../../../src/core/graph/value.ts';
import { verify } from '../../../src/core/graph/verify.ts';
import { candidatesOf, type LoweringChoice } from '../../../src/core/onnx/emit.ts';
import { compile, type TensorData } from '../../../src/engine/runtime/executable.ts';
import { type CheckResult, checkClose, closeness, notRun, TOLERANCE } from '../check.ts';
import { type Golden, openGolden, readJson } from '../golden.ts';
import type { OpsCase, OpsIndex } from '../ops-index.ts';
import { OPS_TABLE } from '../ops-table.ts';

export const AREA = 'ops';

/** Names of the outputs (or of their upstream gradients): `out`, or `out.0`, `out.1`, ... when there are several. */
const outNames = (c: OpsCase, word: string) =>
  c.outputs === 1 ? [word] : Array.from({ length: c.outputs }, (_, i) => `${word}.${i}`);

function isInteger(golden: Golden, name: string): boolean {
  return golden.numbers(name) instanceof Int32Array;
}

/** Program with outputs `out`, `out.i` and `grad.NAME`, loss = sum of out * dout. */
function build(c: OpsCase, golden: Golden): Program {
  const row = OPS_TABLE[c.op];
  const b = new Builder();
  const values: Record<string, Value> = {};
  for (const n of c.inputs) {
    const name = `${c.name}.in.${n}`;
    values[n] = b.input(n, golden.shape(name), isInteger(golden, name) ? 'int32' : 'float32');
  }
  const result = row(b, values, c.attrs, c);
  const results: readonly Value[] = Array.isArray(result) ? result : [result as Value];
  const upstream = outNames(c, 'dout').map((n, i) => b.input(n, results[i].shape));
  const terms = results.map((r, i) => b.sum(b.mul(r, upstream[i]), 'all'));
  const loss = terms.reduce((x, y) => b.add(x, y));
  const outputs: Record<string, Value> = {};
  outNames(c, 'out').forEach((n, i) => {
    outputs[n] = results[i];
  });
  gradients(
    b,
    loss,
    c.grads.map((n) => values[n]),
  ).forEach((g, i) => {
    outputs[`grad.${c.grads[i]}`] = g ?? b.fill(0, values[c.grads[i]].shape);
  });
  return { outputs };
}

/** Candidate number `k` of every op, wrapping around, so that every candidate of every op has its turn. */
const candidate = (k: number): LoweringChoice => ({ choose: (_node, names) => names[k % names.length] });

/** Results of the program once per round of lowerings. */
async function runAll(
  program: Program,
  feeds: Record<string, TensorData>,
): Promise<Record<string, TensorData>[]> {
  const nodes = topologicalOrder(Object.values(program.outputs)).filter((v) => v.inputs.length > 0);
  const rounds = Math.max(1, ...nodes.map((v) => candidatesOf(v).length));
  const all: Record<string, TensorData>[] = [];
  for (let k = 0; k < rounds; k++) {
    const executable = await compile(program, { threads: 1, choice: candidate(k) });
    all.push(await executable.run(feeds));
    await executable.release();
  }
  return all;
}

async function* runCase(c: OpsCase, golden: Golden): AsyncGenerator<CheckResult> {
  if (!OPS_TABLE[c.op]) {
    yield notRun(AREA, c.name, `no op is called ${c.op} here`);
    return;
  }
  const program = build(c, golden);
  verify(program);
  const feeds: Record<string, TensorData> = {};
  for (const n of c.inputs) feeds[n] = golden.numbers(`${c.name}.in.${n}`) as TensorData;
  for (const n of outNames(c, 'dout')) feeds[n] = golden.float32(`${c.name}.${n}`);
  const rounds = await runAll(program, feeds);
  for (const output of Object.keys(program.outputs)) {
    const gold = golden.float32(`${c.name}.${output}`);
    const far = rounds.map((r) => closeness(r[output], gold, TOLERANCE.ops));
    // The worst round; a NaN counts as the worst of all.
    const worst = far.reduce((a, v, k) => (v <= far[a] ? a : k), 0);
    yield checkClose(AREA, `${c.name}/${output}`, rounds[worst][output], gold);
  }
}

export async function* run(dir: string): AsyncIterable<CheckResult> {
  if (!existsSync(join(dir, 'ops', 'index.json'))) return;
  const index = readJson<OpsIndex>(dir, 'ops/index.json');
  const golden = openGolden(dir, join('ops', index.tensors.split(';')[0]));
  try {
    for (const c of index.cases) {
      try {
        yield* runCase(c, golden);
      } catch (error) {
        const note = error instanceof Error ? error.message : String(error);
        yield { area: AREA, name: c.name, status: 'fail', note };
      }
    }
    for (const name of golden.unread()) yield notRun(AREA, name, 'tensor of no case');
  } finally {
    golden.close();
  }
}
