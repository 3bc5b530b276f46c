// npm run package [-- TARGET ... | all] [-- --no-trial]: installers of the desktop app, in out/package. Where Electron's
// runtime or a tool for an installer cannot be had, it goes as far as that and says so.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildApp } from './build-app.ts';
import { checkStage, megabytes } from './check-stage.ts';
import { buildInstallers, packWithStandIn, whyNoRuntime } from './pack-app.ts';
import { type Stage, stage } from './stage.ts';
import { chooseTargets, ownTarget, type Target } from './targets.ts';
import { tryEngine } from './try-engine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'out/package');
const BUILT = join(OUT, 'build');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-trial': { type: 'boolean', default: false } },
});

let failed = false;
const targets = chooseTargets(positionals);
rmSync(OUT, { recursive: true, force: true });
console.log('Building main, preload, window and engine ...');
buildApp(ROOT, BUILT);
for (const target of targets) await packageFor(target);
process.exitCode = failed ? 1 : 0;

async function packageFor(target: Target): Promise<void> {
  console.log(`\n== ${target.name}`);
  const into = join(OUT, 'stage', target.name);
  const staged = stage({ root: ROOT, built: BUILT, target, into, fetch: true });
  const { files, natives, bytes, parts, problems } = checkStage(staged);
  const list = join(OUT, `${target.name}.files.txt`);
  writeFileSync(list, files.map(({ path, bytes: size }) => `${size}\t${path}\n`).join(''));
  console.log(`staged: ${files.length} files, ${megabytes(bytes)}; their list: ${list}`);
  for (const [part, size] of parts.slice(0, 6)) console.log(`  ${megabytes(size).padStart(9)}  ${part}`);
  console.log(`natives, each for ${target.name}: ${natives.map((path) => basename(path)).join(', ')}`);
  for (const problem of problems) console.log(`  PROBLEM: ${problem}`);
  if (problems.length > 0) failed = true;
  else await pack(staged);
}

async function pack(staged: Stage): Promise<void> {
  const { target, folder } = staged;
  const own = target.name === ownTarget()?.name;
  const output = join(OUT, 'dist', target.name);
  mkdirSync(output, { recursive: true });
  const reason = await whyNoRuntime(ROOT, target);
  if (reason === null) {
    if (own) await trial(folder);
    await installers(staged, output);
    return;
  }
  console.log(`no installer: Electron's runtime cannot be had here (${reason})`);
  if (!own || target.os !== 'linux') {
    if (own) await trial(folder);
    console.log('staged and checked up to there');
    return;
  }
  const resources = await packWithStandIn(ROOT, staged, output);
  console.log(`packed by electron-builder around a stand-in for Electron's own files: ${resources}`);
  const unpacked = join(resources, 'app.asar.unpacked');
  await trial(unpacked);
  console.log('packed and tried up to there; it cannot be started without the runtime');
}

async function installers(staged: Stage, output: string): Promise<void> {
  try {
    const made = await buildInstallers(ROOT, staged, output);
    for (const file of made) console.log(`made ${file}`);
  } catch (error) {
    console.log(`no installer: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    console.log('staged and checked up to there');
  }
}

/** Without Electron the engine is a program of plain Node. */
async function trial(folder: string): Promise<void> {
  if (values['no-trial']) return;
  console.log('Trying its engine with plain Node: import, two training steps, two pictures ...');
  const { pictures, generated, healthy } = await tryEngine(folder);
  if (!healthy || generated === 0) failed = true;
  console.log(
    `engine: ${pictures} pictures, ${generated} generated, workspace ${healthy ? '' : 'NOT '}healthy`,
  );
}
