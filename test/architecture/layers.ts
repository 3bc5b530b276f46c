// The layer rules of the architecture as data, and what each file imports.

import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a folder may import besides itself: folders of src, and packages. */
export interface Layer {
  readonly folder: string;
  readonly folders: readonly string[];
  readonly packages: readonly string[];
}

const core = (name: string, ...below: string[]): Layer => ({
  folder: `core/${name}`,
  folders: below.map((b) => `core/${b}`),
  packages: [],
});

const GRAPH = ['base', 'tensor', 'graph'];
const DIFFUSION = [...GRAPH, 'autodiff', 'onnx', 'nets', 'text'];

/** A file belongs to the first layer whose folder holds it. */
export const LAYERS: readonly Layer[] = [
  core('base'),
  core('tensor', 'base'),
  core('graph', 'base', 'tensor'),
  core('autodiff', ...GRAPH),
  core('onnx', ...GRAPH),
  core('memory', ...GRAPH, 'autodiff', 'onnx'),
  core('nets', ...GRAPH),
  core('text', 'base', 'tensor'),
  core('diffusion', ...DIFFUSION),
  core('domain', 'base'),
  core('image', 'base'),
  core('formats', 'base', 'tensor', 'image'),
  core('labels', 'base', 'image', 'tensor', 'formats'),
  core('metrics', 'base', 'image'),
  core('render', 'base', 'image'),
  core('recipes', ...DIFFUSION, 'diffusion', 'domain', 'image', 'metrics', 'render'),
  core('prove', 'base', 'domain', 'image', 'metrics', 'recipes'),
  { folder: 'contract', folders: ['core'], packages: ['@orpc/contract', '@orpc/client', 'zod'] },
  {
    folder: 'engine',
    folders: ['core', 'contract'],
    packages: [
      'node:*',
      '@orpc/server',
      '@orpc/client',
      'better-sqlite3',
      'onnxruntime-node',
      'sharp',
      'ulid',
      'zod',
    ],
  },
  {
    folder: 'hosts',
    folders: ['core', 'contract', 'engine'],
    packages: ['node:*', '@orpc/client', '@orpc/server', 'zod'],
  },
  {
    folder: 'main',
    folders: ['core', 'contract', 'hosts/desk', 'hosts/engine'],
    packages: ['node:*', 'electron', '@orpc/client'],
  },
  { folder: 'preload', folders: ['contract'], packages: ['electron'] },
  {
    folder: 'renderer',
    folders: [
      'contract',
      'core/base',
      'core/tensor',
      'core/domain',
      'core/formats',
      'core/image',
      'core/labels',
    ],
    packages: ['react', 'react-dom', '@orpc/client'],
  },
];

/** Packages that exactly these folders may import. */
export const HOMES: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['engine/store'],
  'onnxruntime-node': ['engine/runtime'],
  sharp: ['engine/imaging'],
  electron: ['main', 'preload'],
};

export interface SourceFile {
  /** Path below src, with '/'. */
  readonly file: string;
  readonly text: string;
  /** Files below src ('core/base/errors.ts') and packages ('node:fs', 'zod'), of types too. */
  readonly imports: readonly string[];
}

export function sourceFiles(): SourceFile[] {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: ROOT }).map((f) => f.replaceAll('\\', '/'));
  return files.sort().map((path) => {
    const file = path.slice('src/'.length);
    const text = readFileSync(posix.join(ROOT.replaceAll('\\', '/'), path), 'utf8');
    return { file, text, imports: importsOf(file, text) };
  });
}

/** Static and dynamic imports, re-exports, and workers named by `new URL(..., import.meta.url)`. */
export function importsOf(file: string, text: string): string[] {
  const code = withoutComments(text);
  const patterns = [
    /(?:^|;)\s*(?:import|export)\s[^;'"`]*?\bfrom\s*['"]([^'"\s]+)['"]/gm,
    /(?:^|;)\s*import\s*['"]([^'"\s]+)['"]/gm,
    /\bimport\s*\(\s*['"]([^'"\s]+)['"]/g,
    /\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url/g,
  ];
  const names = patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((found) => found[1]));
  // A style sheet lies beside the component that imports it; Vite finds one that is missing.
  return names
    .filter((name) => !name.endsWith('.css'))
    .map((name) => (name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), name)) : name));
}

/** Code with comments blanked; strings and templates stay. */
export function withoutComments(text: string): string {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(token, (part) => (part.startsWith('//') || part.startsWith('/*') ? ' ' : part));
}

/** 'zod/v4' is of 'zod', '@orpc/client/message-port' of '@orpc/client', 'node:fs/promises' of 'node:*'. */
export function packageOf(name: string): string {
  if (name.startsWith('node:')) return 'node:*';
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

export function isPackage(name: string, files: ReadonlySet<string>): boolean {
  return !files.has(name) && !/\.tsx?$/.test(name);
}
