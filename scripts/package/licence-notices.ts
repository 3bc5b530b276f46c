// The licences of everything that is shipped or bundled, in one text file beside the app.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder, readManifest, type ShippedPackage } from './shipped-packages.ts';

/** Bundled into the window. */
const WINDOW_PACKAGES = ['react', 'react-dom', 'scheduler'];

export function licenceNotices(root: string, shipped: readonly ShippedPackage[]): string {
  const folders = new Map(shipped.map(({ name, folder }) => [name, folder]));
  const bundled = [...Object.keys(readManifest(root).dependencies ?? {}), ...WINDOW_PACKAGES];
  for (const name of bundled) addWithDependencies(name, root, folders);
  const names = [...folders.keys()].sort();
  return names.map((name) => notice(folders.get(name)!)).join(`\n${'-'.repeat(100)}\n\n`);
}

function addWithDependencies(name: string, from: string, folders: Map<string, string>): void {
  if (folders.has(name)) return;
  const folder = packageFolder(name, from);
  folders.set(name, folder);
  for (const next of Object.keys(readManifest(folder).dependencies ?? {}))
    addWithDependencies(next, folder, folders);
}

function notice(folder: string): string {
  const { name, version, license } = readManifest(folder);
  const files = globSync('{LICENSE,LICENCE,NOTICE,license,licence,ThirdParty}*', { cwd: folder }).sort();
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${name} ${version} (${license ?? 'see below'})\n\n${texts.join('\n\n')}\n`;
}
