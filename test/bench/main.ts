// npm run bench [-- --python PATH] [--only PREFIX] [--rounds N] [--threads N] [--compile]
// Times our engine, and PyTorch beside it in the same run, turn by turn; prints a JSON line per case.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { holdForeground } from '../../scripts/foreground.ts';
import { CASES, type Case } from './cases.ts';
import { prepare } from './our-side.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    compile: { type: 'boolean', default: false },
  },
});
const threads = Number(values.threads);
const rounds = Number(values.rounds);
const WARM_UP = 2;
type Format = 'contiguous' | 'channels_last';

interface Answer {
  readonly ms?: number;
  readonly error?: string;
  readonly torch?: string;
}

/** A Python process that runs PyTorch's side of one case in one memory format. */
class TorchSide {
  readonly #child;
  readonly #lines;

  constructor(python: string) {
    const script = fileURLToPath(new URL('torch_side.py', import.meta.url));
    this.#child = spawn(python, [script, String(threads)], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ask(request: object): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the Python side ended; does --python have torch and diffusers?');
    return JSON.parse(value) as Answer;
  }

  close(): void {
    this.#child.kill();
  }
}

const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1];

async function time(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Ready sides of PyTorch for a case: both memory formats, and the compiled one where wanted. */
async function torchSides(c: Case): Promise<Map<string, TorchSide>> {
  const sides = new Map<string, TorchSide>();
  if (!values.python) return sides;
  const wanted: [string, { format: Format; compiled?: boolean }][] = [
    ['contiguous', { format: 'contiguous' }],
    ['channels_last', { format: 'channels_last' }],
  ];
  if (values.compile && c.kind === 'train_step')
    wanted.push(['compiled', { format: 'channels_last', compiled: true }]);
  for (const [name, options] of wanted) {
    const side = new TorchSide(values.python);
    const ready = await side.ask({ do: 'prepare', case: c, ...options });
    const first = ready.error ? ready : await side.ask({ do: 'run' });
    if (first.error) {
      console.error(`${c.name}, ${name}: ${first.error}`);
      side.close();
    } else sides.set(name, side);
  }
  return sides;
}

/** Rounds in turn: ours, then each of PyTorch's. */
async function measure(c: Case): Promise<Record<string, unknown>> {
  const ours = await prepare(c, threads);
  const sides = await torchSides(c);
  const times = new Map<string, number[]>([
    ['ours', []],
    ...[...sides.keys()].map((n) => [n, []] as [string, number[]]),
  ]);
  for (let round = -WARM_UP; round < rounds; round++) {
    const mine = await time(() => ours.run());
    if (round >= 0) times.get('ours')?.push(mine);
    for (const [name, side] of sides) {
      const { ms = Number.NaN } = await side.ask({ do: 'run' });
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  await ours.release();
  for (const side of sides.values()) side.close();
  const oursMs = median(times.get('ours') as number[]);
  const eager = [...sides.keys()]
    .filter((n) => n !== 'compiled')
    .map((n) => median(times.get(n) as number[]));
  const torchMs = eager.length > 0 ? Math.min(...eager) : null;
  const compiled = times.get('compiled');
  return {
    name: c.name,
    ratio: torchMs === null ? null : torchMs / oursMs,
    oursMs,
    torchMs,
    threads,
    rounds,
    ...(compiled ? { torchCompiledMs: median(compiled) } : {}),
    lowerings: ours.lowerings.name,
  };
}

holdForeground('.work/foreground');
for (const c of CASES.filter(({ name }) => name.startsWith(values.only))) {
  const row = await measure(c);
  console.log(JSON.stringify(row, (_k, v) => (typeof v === 'number' ? Number(v.toPrecision(4)) : v)));
}
process.exit(0);
