// Checks a stage before it is packed: what must be there is, nothing else is, every native file is of the target.

import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isNative } from './native-files.ts';
import { nativeFormat } from './native-format.ts';
import type { Stage } from './stage.ts';

export interface StagedFile {
  readonly path: string;
  readonly bytes: number;
}

export interface StageReport {
  readonly files: readonly StagedFile[];
  readonly natives: readonly string[];
  readonly bytes: number;
  /** Bytes per part, largest first. */
  readonly parts: readonly (readonly [string, number])[];
  readonly problems: readonly string[];
}

/** More than this and a second system's libraries, or a model, have slipped in. */
const MOST_BYTES = 160e6;
const ROOT_FILES = ['package.json', 'LICENSE', 'THIRD-PARTY-LICENSES.txt'];
const NEEDED = [
  ...ROOT_FILES,
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/engine/main.js',
  'out/engine/package.json',
  'out/engine/lane-worker.js',
  'out/engine/webgpu-worker.js',
  'resources/pack/model_index.json',
  'resources/clip/merges.txt.gz',
];
/** Main and preload bring no package along; of the engine's bundle only native ones stay outside. */
const ALLOWED_IMPORTS: readonly [RegExp, RegExp][] = [
  [/^out\/(main|preload)\//, /^(electron|node:.*|path|fs|util)$/],
  [/^out\/engine\//, /^(better-sqlite3|onnxruntime-node|sharp|node:.*|\.\.?\/.*)$/],
];

export function checkStage({ folder, target, missing }: Stage): StageReport {
  const files = globSync('**/*', { cwd: folder })
    .map((path) => ({ path: path.replaceAll('\\', '/'), stat: statSync(join(folder, path)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ path, stat }) => ({ path, bytes: stat.size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const paths = new Set(files.map(({ path }) => path));
  const natives = files.map(({ path }) => path).filter(isNative);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const problems = [
    ...missing.map((name) => `${name} is not here and could not be fetched`),
    ...NEEDED.filter((path) => !paths.has(path)).map((path) => `${path} is missing`),
    ...[...paths].filter((path) => !isExpected(path)).map((path) => `${path} does not belong here`),
    ...natives.flatMap((path) => wrongNative(join(folder, path), path, target.name)),
    ...missingNatives(natives),
    ...[...paths].flatMap((path) => foreignImports(folder, path)),
    ...(bytes > MOST_BYTES ? [`${megabytes(bytes)} are more than ${megabytes(MOST_BYTES)}`] : []),
  ];
  return { files, natives, bytes, parts: partsOf(files), problems };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function isExpected(path: string): boolean {
  if (ROOT_FILES.includes(path)) return true;
  if (/\.(map|ts|mts|cts|tsx)$/.test(path)) return false;
  return /^(out\/(main|preload|renderer|engine)|resources\/(pack|clip)|node_modules)\//.test(path);
}

function wrongNative(file: string, path: string, target: string): string[] {
  const format = nativeFormat(file);
  return format === target ? [] : [`${path} is ${format ?? 'no native file'}, not ${target}`];
}

function missingNatives(natives: readonly string[]): string[] {
  const bindings = ['better-sqlite3', 'onnxruntime-node', '@img/sharp-'].filter(
    (name) => !natives.some((path) => path.startsWith(`node_modules/${name}`) && path.endsWith('.node')),
  );
  return bindings.map((name) => `${name} has no binding`);
}

function foreignImports(folder: string, path: string): string[] {
  const allowed = ALLOWED_IMPORTS.find(([place]) => place.test(path))?.[1];
  if (allowed === undefined || !/\.c?js$/.test(path)) return [];
  const text = readFileSync(join(folder, path), 'utf8');
  const named = [
    ...text.matchAll(/^(?:import|export)\b[^;'"]*?["']([^"'\n]+)["']|\brequire\("([^"\n]+)"\)/gm),
  ];
  const foreign = named.map(([, a, b]) => a ?? b).filter((name) => !allowed.test(name));
  return foreign.map((name) => `${path} imports ${name}`);
}

function partsOf(files: readonly StagedFile[]): [string, number][] {
  const parts = new Map<string, number>();
  for (const { path, bytes } of files) {
    const [a, b, c] = path.split('/');
    const part = b === undefined ? 'notices' : b.startsWith('@') ? `${a}/${b}/${c}` : `${a}/${b}`;
    parts.set(part, (parts.get(part) ?? 0) + bytes);
  }
  return [...parts].sort((a, b) => b[1] - a[1]);
}
