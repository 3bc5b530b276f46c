// Lays out exactly what the app consists of for one target, in a folder of its own: electron-builder packs this folder.

import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { licenceNotices } from './licence-notices.ts';
import { INSTALL_ONLY, isNeeded } from './native-files.ts';
import { readManifest, type ShippedPackage, shippedPackages } from './shipped-packages.ts';
import type { Target } from './targets.ts';

export interface Stage {
  readonly target: Target;
  readonly folder: string;
  /** Packages of the target that could not be had: the stage is not whole. */
  readonly missing: readonly string[];
}

export interface StageOptions {
  readonly root: string;
  /** Folder of the built bundles. */
  readonly built: string;
  readonly target: Target;
  readonly into: string;
  /** Whether packages of other systems may be fetched. */
  readonly fetch: boolean;
}

const BUNDLES = ['main', 'preload', 'renderer', 'engine'];
/** What the engine reads, with its place in the repository. */
const RESOURCES = ['resources/pack', 'resources/clip'];

export function stage({ root, built, target, into, fetch }: StageOptions): Stage {
  rmSync(into, { recursive: true, force: true });
  for (const name of BUNDLES) cpSync(join(built, name), join(into, 'out', name), { recursive: true });
  for (const name of RESOURCES) cpSync(join(root, name), join(into, name), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(into, 'LICENSE'));
  const { packages, missing } = shippedPackages(root, target, fetch);
  for (const each of packages) copyPackage(each, target, into);
  writeFileSync(join(into, 'THIRD-PARTY-LICENSES.txt'), licenceNotices(root, packages));
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(manifest(root, packages), null, 2)}\n`);
  return { target, folder: into, missing };
}

function copyPackage({ name, folder }: ShippedPackage, target: Target, into: string): void {
  const files = globSync('**/*', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
  for (const path of files) {
    if (!isNeeded(name, path, target) || !statSync(join(folder, path)).isFile()) continue;
    const to = join(into, 'node_modules', name, path);
    mkdirSync(dirname(to), { recursive: true });
    if (path === 'package.json') writeFileSync(to, packageManifest(folder));
    else cpSync(join(folder, path), to);
  }
}

/** Without what only an installation or a developer would need. */
function packageManifest(folder: string): string {
  const { scripts, devDependencies, optionalDependencies, dependencies, ...rest } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const kept = Object.entries(dependencies ?? {}).filter(([name]) => !INSTALL_ONLY.includes(name));
  return `${JSON.stringify({ ...rest, dependencies: Object.fromEntries(kept) }, null, 2)}\n`;
}

function manifest(root: string, packages: readonly ShippedPackage[]): Record<string, unknown> {
  const own = readManifest(root);
  const versions = packages.map(({ name, folder }) => [name, readManifest(folder).version]);
  return {
    name: own.name,
    productName: 'Flawsmith',
    version: own.version,
    description: own.description,
    license: own.license,
    author: 'Flawsmith',
    type: 'module',
    main: './out/main/index.js',
    dependencies: Object.fromEntries(versions),
  };
}
