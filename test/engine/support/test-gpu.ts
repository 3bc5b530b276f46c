// A WebGPU adapter for tests: this PC's own, else Mesa's software one, unpacked beside the system on Debian and its
// relatives; without either the tests are skipped and say why.

import { execFile } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { probeGpu } from '../../../src/engine/runtime/webgpu-probe.ts';

export type TestGpu =
  | { readonly env: NodeJS.ProcessEnv; readonly software: boolean }
  | { readonly skip: string };

/** Dawn refuses Mesa 22, Debian 12's own; its backports have 25. */
const PACKAGES = ['mesa-vulkan-drivers', 'libvulkan1'];
const run = promisify(execFile);

/** `FLAWSMITH_TEST_CACHE`, or the user's cache folder. */
function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.FLAWSMITH_TEST_CACHE ?? join(base, 'flawsmith-tests');
}

/** The archive that the system's own packages come from, with the release it is and the newer packages for it. */
async function aptSource(): Promise<{ line: string; release: string }> {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const targets = stdout.split('\n').map((line) => line.split('|'));
  const main = targets.find(([, release, component]) => component === 'main' && /^[a-z]+$/.test(release));
  if (!main) throw new Error('the system has no package archive');
  const [uri, release] = main;
  const keys = globSync('/usr/share/keyrings/*-archive-keyring.gpg').find((k) => /debian|ubuntu/.test(k));
  const signed = keys ? `[signed-by=${keys}] ` : '';
  const later = `${release}-backports`;
  return {
    line: `deb ${signed}${uri} ${release} main\ndeb ${signed}${uri} ${later} main\n`,
    release: later,
  };
}

/** Downloads Mesa and what it needs beyond the installed packages and unpacks it; the system is not changed. */
async function unpackMesa(folder: string): Promise<void> {
  const work = mkdtempSync(`${folder}-`);
  try {
    const { line, release } = await aptSource();
    for (const sub of ['lists/partial', 'cache/archives/partial', 'root'])
      mkdirSync(join(work, sub), { recursive: true });
    writeFileSync(join(work, 'sources.list'), line);
    const options = [
      `-oDir::Etc::sourcelist=${work}/sources.list`,
      '-oDir::Etc::sourceparts=/dev/null',
      `-oDir::State::lists=${work}/lists`,
      `-oDir::Cache=${work}/cache`,
      '-oDebug::NoLocking=1',
      '-oAPT::Sandbox::User=',
      '-oAcquire::http::Timeout=20',
      '-oAcquire::Retries=1',
    ];
    const timeout = { timeout: 300_000 };
    await run('apt-get', [...options, 'update'], timeout);
    const wanted = PACKAGES.map((name) => (name.startsWith('mesa') ? `${name}/${release}` : name));
    await run(
      'apt-get',
      [...options, '-y', '--no-install-recommends', '--reinstall', '--download-only', 'install', ...wanted],
      timeout,
    );
    const packages = globSync(`${work}/cache/archives/*.deb`);
    for (const file of packages) await run('dpkg', ['-x', file, join(work, 'root')]);
    writeManifest(join(work, 'root'), folder);
    // Whoever else unpacked it meanwhile made the same.
    if (!existsSync(folder)) renameSync(join(work, 'root'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const mesaDriver = (folder: string) => globSync(`${folder}/usr/lib/*/libvulkan_lvp.so`)[0];

/** The loader finds the driver by its full path, where the folder will be. */
function writeManifest(unpacked: string, folder: string): void {
  const driver = mesaDriver(unpacked);
  const given = globSync(`${unpacked}/usr/share/vulkan/icd.d/lvp_icd*.json`)[0];
  if (!driver || !given) throw new Error('the packages hold no software driver');
  const manifest = JSON.parse(readFileSync(given, 'utf8'));
  manifest.ICD.library_path = join(folder, relative(unpacked, driver));
  writeFileSync(join(unpacked, 'lvp.json'), JSON.stringify(manifest));
}

function mesaEnvironment(folder: string): NodeJS.ProcessEnv {
  const libraries = dirname(mesaDriver(folder));
  return {
    ...process.env,
    LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    VK_DRIVER_FILES: join(folder, 'lvp.json'),
    LP_NUM_THREADS: '1',
    // Compiled shaders stay from one run of the tests to the next.
    MESA_SHADER_CACHE_DIR: join(dirname(folder), 'mesa-shaders'),
  };
}

export async function testGpu(): Promise<TestGpu> {
  const own = await probeGpu();
  if (own.usable) return { env: process.env, software: own.driver.hardware === false };
  if (process.platform !== 'linux') return { skip: `no WebGPU adapter here: ${own.reason}` };
  const folder = join(cacheFolder(), 'mesa-25');
  try {
    mkdirSync(dirname(folder), { recursive: true });
    if (!existsSync(folder)) await unpackMesa(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { skip: `no WebGPU adapter here (${own.reason}), and Mesa could not be fetched: ${reason}` };
  }
  const env = mesaEnvironment(folder);
  const mesa = await probeGpu({ env });
  return mesa.usable
    ? { env, software: true }
    : { skip: `Mesa's software adapter does not work: ${mesa.reason}` };
}
