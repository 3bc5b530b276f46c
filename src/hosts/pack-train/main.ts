// npm run pack:train [-- --threads N --folder DIR --seed N]: trains the embedded base pack with our own engine.
// npm run pack:train -- --assemble OUT: writes what is trained so far as a pack folder.

import { mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assemblePack } from '../../engine/training/pack/assemble.ts';
import { trainPack } from '../../engine/training/pack/train-pack.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    folder: { type: 'string', default: '.work/pack' },
    seed: { type: 'string', default: '0' },
    assemble: { type: 'string' },
  },
});
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stop.abort(new Error('stopped')));

/** One training per folder: the lock names the process that holds it. */
function lock(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock');
  try {
    writeSync(openSync(file, 'wx'), String(process.pid));
  } catch {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    try {
      process.kill(pid, 0);
    } catch {
      rmSync(file);
      return lock(folder);
    }
    console.error(`pack:train already runs here (process ${pid})`);
    process.exit(2);
  }
  return file;
}

if (values.assemble !== undefined) {
  console.log(JSON.stringify(await assemblePack(values.folder, values.assemble), null, 1));
  process.exit(0);
}
const file = lock(values.folder);
try {
  await trainPack({
    folder: values.folder,
    seed: Number(values.seed),
    threads: Number(values.threads),
    foregroundLock: '.work/foreground',
    signal: stop.signal,
  });
} finally {
  rmSync(file, { force: true });
}
