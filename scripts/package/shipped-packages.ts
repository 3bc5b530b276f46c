// The packages beside the engine's bundle: the native ones and what they load at run time, with their folders.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NATIVE_PACKAGES } from '../../vite.engine.config.ts';
import { fetchPackage } from './fetch-package.ts';
import { INSTALL_ONLY, platformPackages } from './native-files.ts';
import type { Target } from './targets.ts';

export interface ShippedPackage {
  readonly name: string;
  readonly folder: string;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly dependencies?: Record<string, string>;
}

/** `missing`: packages of another system that are not here and could not be fetched. */
export interface ShippedPackages {
  readonly packages: readonly ShippedPackage[];
  readonly missing: readonly string[];
}

export function shippedPackages(root: string, target: Target, fetch: boolean): ShippedPackages {
  const found = new Map<string, ShippedPackage>();
  for (const name of NATIVE_PACKAGES) collect(name, root, found);
  const missing: string[] = [];
  for (const name of platformPackages(target)) {
    const folder = fetchPackage(root, name, fetch);
    if (folder === null) missing.push(name);
    else found.set(name, { name, folder });
  }
  return { packages: [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), missing };
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function collect(name: string, from: string, found: Map<string, ShippedPackage>): void {
  if (found.has(name)) return;
  const folder = packageFolder(name, from);
  found.set(name, { name, folder });
  const needed = Object.keys(readManifest(folder).dependencies ?? {});
  for (const next of needed.filter((each) => !INSTALL_ONLY.includes(each))) collect(next, folder, found);
}

/** Where Node finds a package from a folder on. */
export function packageFolder(name: string, from: string): string {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const folder = places
    .map((place) => join(place, name))
    .find((each) => existsSync(join(each, 'package.json')));
  if (folder === undefined) throw new Error(`${name} is not installed (asked for from ${dirname(from)})`);
  return folder;
}
