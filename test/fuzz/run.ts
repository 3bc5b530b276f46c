// Fuzzes target after target in child processes that are killed when they take too long or too much memory.

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildMessage, InputResult, Job } from './messages.ts';
import type { FuzzTarget } from './target.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Inputs of all targets together. */
  readonly count: number;
  /** Module that exports TARGETS; the product's by default. */
  readonly targets?: URL;
  /** Only these. */
  readonly only?: readonly string[];
  /** An input that computes longer is a hang; processor time, so that a busy machine makes none. */
  readonly secondsPerInput?: number;
  /** An input that nothing is heard of for so long is a hang, whatever it does. */
  readonly waitSeconds?: number;
  /** A child that grows beyond is stopped. */
  readonly megabytes?: number;
}

export interface Failure {
  readonly target: string;
  readonly index: number;
  readonly kind: 'error' | 'hang' | 'crash' | 'memory';
  readonly note: string;
}

export interface TargetTally {
  readonly name: string;
  readonly firstStage: string;
  readonly inputs: number;
  readonly passed: number;
  readonly accepted: number;
  /** Refusals by error code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly slowest: number;
  readonly failures: readonly Failure[];
}

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const PRODUCT = new URL('targets/index.ts', import.meta.url);
/** Linux, every architecture Node runs on. */
const TICKS_PER_SECOND = 100;

/** Inputs per target: its share of the weights, rounded up. */
export function shares(targets: readonly FuzzTarget[], count: number): number[] {
  const all = targets.reduce((sum, { weight }) => sum + weight, 0);
  return targets.map(({ weight }) => Math.ceil((count * weight) / all));
}

/** Processor time a process has used, in seconds; 0 where the system does not tell. */
function processorSeconds(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Resident memory in MB; null where the system does not tell. */
function residentMegabytes(pid: number): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4096) / 2 ** 20;
  } catch {
    return null;
  }
}

/** The child may read everything and write only into its own folder; native code is watched by what appears there. */
function start(folder: string): ChildProcess {
  const execArgv = [
    '--no-warnings',
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${folder}`,
    '--allow-addons',
    '--allow-worker',
  ];
  return fork(CHILD, { cwd: folder, execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

interface Stop {
  readonly kind: 'done' | 'hang' | 'crash' | 'memory';
  readonly note: string;
}

/** Runs one job in one child until it is done or has to be given up. */
function runJob(
  folder: string,
  job: Job,
  options: FuzzOptions,
  tell: (result: InputResult) => void,
): Promise<Stop> {
  const { secondsPerInput = 10, waitSeconds = 120, megabytes = 2000 } = options;
  const child = start(folder);
  return new Promise((resolve) => {
    let stop: Stop | null = null;
    let errors = '';
    // Loading the modules counts as the first input's time; it gets a second allowance once it is ready.
    let heard = { at: Date.now(), used: 0 };
    const end = (reason: Stop): void => {
      stop ??= reason;
      child.kill('SIGKILL');
    };
    const watch = setInterval(() => {
      if (child.pid === undefined) return;
      const memory = residentMegabytes(child.pid);
      const computed = processorSeconds(child.pid) - heard.used;
      const waited = (Date.now() - heard.at) / 1000;
      if (memory !== null && memory > megabytes) end({ kind: 'memory', note: `${Math.round(memory)} MB` });
      else if (computed > secondsPerInput)
        end({ kind: 'hang', note: `computed more than ${secondsPerInput} s` });
      else if (waited > waitSeconds) end({ kind: 'hang', note: `nothing heard for ${waitSeconds} s` });
    }, 50);
    child.stderr?.on('data', (chunk) => {
      errors = `${errors}${chunk}`.slice(-2000);
    });
    child.on('message', (message: ChildMessage) => {
      heard = { at: Date.now(), used: child.pid === undefined ? 0 : processorSeconds(child.pid) };
      if (message.kind === 'result') tell(message);
      if (message.kind === 'done') end({ kind: 'done', note: '' });
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(stop ?? { kind: 'crash', note: `${signal ?? `exit code ${code}`} ${errors}`.trim() });
    });
    child.send(job);
  });
}

async function fuzzTarget(
  folder: string,
  target: FuzzTarget,
  inputs: number,
  options: FuzzOptions,
): Promise<TargetTally> {
  const failures: Failure[] = [];
  const refused: Record<string, number> = {};
  let [passed, accepted, slowest, next] = [0, 0, 0, 0];
  const fail = (index: number, kind: Failure['kind'], note: string): void => {
    failures.push({ target: target.name, index, kind, note });
  };
  const tell = ({ index, outcome, code, note, milliseconds, ...rest }: InputResult): void => {
    next = index + 1;
    slowest = Math.max(slowest, milliseconds);
    if (rest.passed) passed++;
    if (outcome === 'ok') accepted++;
    else if (outcome === 'refused') refused[code ?? ''] = (refused[code ?? ''] ?? 0) + 1;
    else fail(index, 'error', note ?? '');
  };
  while (next < inputs) {
    const targets = (options.targets ?? PRODUCT).href;
    const job: Job = { targets, target: target.name, seed: options.seed, from: next, to: inputs };
    const stop = await runJob(folder, job, options, tell);
    if (stop.kind === 'done') break;
    fail(next, stop.kind, stop.note);
    next++;
  }
  const { name, firstStage } = target;
  return { name, firstStage, inputs, passed, accepted, refused, slowest, failures };
}

/** Fuzzes all targets; `tell` is called with each tally as it is ready. */
export async function fuzz(
  options: FuzzOptions,
  tell: (tally: TargetTally) => void = () => {},
): Promise<TargetTally[]> {
  const module = (await import((options.targets ?? PRODUCT).href)) as { TARGETS: readonly FuzzTarget[] };
  const wanted = module.TARGETS.filter(({ name }) => !options.only?.length || options.only.includes(name));
  const counts = shares(wanted, options.count);
  const tallies: TargetTally[] = [];
  for (const [i, target] of wanted.entries()) {
    const folder = mkdtempSync(join(tmpdir(), 'flawsmith-fuzz-'));
    try {
      const tally = await fuzzTarget(folder, target, counts[i], options);
      tallies.push(tally);
      tell(tally);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return tallies;
}
