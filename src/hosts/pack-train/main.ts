// npm run pack:train [-- --threads N --folder DIR --seed N]: trains the embedded base pack with our own engine.
// npm run pack:train -- --assemble OUT: writes what is trained so far as a pack folder.
// npm run pack:train -- --measure FOLDER: reconstruction of a product's real windows by the embedded autoencoder, dB.

import { mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scanFolder } from '../../engine/datasets/index.ts';
import { openPack } from '../../engine/packs/pack.ts';
import { EMBEDDED_PACK } from '../../engine/packs/pack-service.ts';
import { assemblePack } from '../../engine/training/pack/assemble.ts';
import { measureReconstruction } from '../../engine/training/pack/reconstruction.ts';
import { trainPack } from '../../engine/training/pack/train-pack.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    folder: { type: 'string', default: '.work/pack' },
    seed: { type: 'string', default: '0' },
    assemble: { type: 'string' },
    measure: { type: 'string' },
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
if (values.measure !== undefined) {
  const { items } = await scanFolder(values.measure);
  const labelled = items
    .filter((i) => i.type !== null && i.maskAbsPath !== null)
    .map((i) => ({ file: i.file, type: i.type, path: i.absPath, maskPath: i.maskAbsPath }));
  console.log(await measureReconstruction(openPack(EMBEDDED_PACK).weights(), labelled.slice(0, 16), 16));
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
