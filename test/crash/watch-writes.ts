// Preloaded into the process under test: notes every write to disk as it begins and ends, and kills the process.
//
// The product knows nothing of this. A line "B ms n what" is in the trace before write n begins, "E ms n" when it is
// over (ms since the first write); both survive the kill, because a finished write(2) belongs to the kernel.

import fs from 'node:fs';
import fsp, { type FileHandle } from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread, Worker } from 'node:worker_threads';
import type { Moment } from './moment.ts';

if (isMainThread && process.env.CRASH_TRACE) {
  const trace = fs.openSync(process.env.CRASH_TRACE, 'a');
  const append = fs.writeSync;
  const arm = armKiller(JSON.parse(process.env.CRASH_AT || 'null'));
  let count = 0;
  let first = 0;
  const since = (): string => (performance.now() - first).toFixed(1);
  const begin = (what: string): Write => {
    const n = ++count;
    if (n === 1) first = performance.now();
    append(trace, `B ${since()} ${n} ${what}\n`);
    arm(n);
    return {
      note: (now) => void append(trace, `N ${since()} ${n} ${now}\n`),
      end: () => void append(trace, `E ${since()} ${n}\n`),
    };
  };
  watchFiles(begin);
  watchDatabase(begin);
}

interface Write {
  /** What it is doing now. */
  note(what: string): void;
  end(): void;
}
type Begin = (what: string) => Write;

/** Starts the killing thread; the function it gives back tells it which write begins. Time counts from the first. */
function armKiller(moment: Moment | null): (write: number) => void {
  if (moment === null) return () => {};
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { afterMs, write, delayMicros } = moment;
  const workerData = { flag, afterMs, delayMicros };
  new Worker(new URL('./killer.ts', import.meta.url), { workerData, execArgv: [] }).unref();
  return (n) => {
    if (n !== (write ?? 1)) return;
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  };
}

/** Wraps what changes files: a file counts as being written from its opening to its closing. */
function watchFiles(begin: Begin): void {
  const open = fsp.open;
  fsp.open = async (path, flags, mode) => {
    if (typeof flags !== 'string' || !/[wa+]/.test(flags)) return open(path, flags, mode);
    const { end } = begin(`write ${path}`);
    const handle = await open(path, flags, mode).catch((error) => {
      end();
      throw error;
    });
    const close = handle.close.bind(handle);
    (handle as FileHandle).close = () => close().finally(end);
    return handle;
  };
  for (const name of ['rename', 'rm', 'mkdir', 'copyFile', 'link'] as const) {
    const original = fsp[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(fsp, {
      [name]: (...args: unknown[]) => {
        const { end } = begin(`${name} ${describe(args)}`);
        return original(...args).finally(end);
      },
    });
  }
  for (const name of ['writeFileSync', 'renameSync', 'linkSync', 'rmSync', 'mkdirSync'] as const) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        const { end } = begin(`${name.replace('Sync', '')} ${describe(args)}`);
        try {
          return original(...args);
        } finally {
          end();
        }
      },
    });
  }
  syncBuiltinESMExports();
}

function describe(args: readonly unknown[]): string {
  const [from, to] = args;
  return typeof to === 'string' && to.includes('/') ? `${from} -> ${to}` : String(from);
}

/** Wraps statements that change rows; a transaction is one write from BEGIN to the end of COMMIT. */
function watchDatabase(begin: Begin): void {
  const require = createRequire(new URL('../../src/engine/store/database.ts', import.meta.url));
  const Database = require('better-sqlite3');
  const probe = new Database(':memory:');
  const proto = Object.getPrototypeOf(probe.prepare('SELECT 1'));
  probe.close();
  const run = proto.run;
  let transaction: Write | null = null;
  proto.run = function (this: { source: string }, ...params: unknown[]) {
    const source = this.source.trim().replaceAll(/\s+/g, ' ');
    const [verb] = source.split(' ');
    if (verb === 'BEGIN') transaction = begin('database: transaction');
    else if (verb === 'COMMIT') transaction?.note('database: commit');
    else transaction?.note(`database: in a transaction, ${source.slice(0, 40)}`);
    const single = transaction === null ? begin(`database: ${source.slice(0, 40)}`) : null;
    try {
      return run.apply(this, params);
    } finally {
      single?.end();
      if (verb === 'COMMIT' || verb === 'ROLLBACK') {
        transaction?.end();
        transaction = null;
      }
    }
  };
}
