// Who may import whom, computed from every file below src.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  HOMES,
  importsOf,
  isInside,
  isPackage,
  LAYERS,
  packageOf,
  ROOT,
  sourceFiles,
  withoutComments,
} from './layers.ts';

const MOST_LINES = 400;
const sources = sourceFiles();
const files = new Set(sources.map((s) => s.file));

/** Fails with all findings at once. */
function none(findings: readonly string[]): void {
  assert.equal(findings.length, 0, `\n${findings.join('\n')}`);
}

test('imports are found however they are written', () => {
  const text = `
    import type { A } from './a.ts'; // import x from 'comment'
    export { B } from '../base/b.ts'; import 'side';
    const c = await import('./c.ts'); new Worker(new URL('./w.ts', import.meta.url));
    /* from 'nowhere' */ const address = 'http://example.org'; import d from "zod/v4";`;
  const found = importsOf('core/graph/x.ts', text).sort();
  assert.deepEqual(found, [
    'core/base/b.ts',
    'core/graph/a.ts',
    'core/graph/c.ts',
    'core/graph/w.ts',
    'side',
    'zod/v4',
  ]);
});

test('every file belongs to a layer and imports files that exist', () => {
  none(sources.filter((s) => !LAYERS.some((l) => isInside(s.file, l.folder))).map((s) => s.file));
  const missing = sources.flatMap(({ file, imports }) =>
    imports
      .filter((i) => !isPackage(i, files) && !files.has(i))
      .map((i) => `${file} imports ${i}, which is not there`),
  );
  none(missing);
});

test('layers import only what lies below them', () => {
  const findings: string[] = [];
  for (const { file, imports } of sources) {
    const layer = LAYERS.find((l) => isInside(file, l.folder));
    if (layer === undefined) continue;
    for (const name of imports) {
      const ok = isPackage(name, files)
        ? layer.packages.includes(packageOf(name))
        : [layer.folder, ...layer.folders].some((folder) => isInside(name, folder));
      if (!ok) findings.push(`${file} imports ${name}`);
    }
  }
  none(findings);
});

test('native packages and electron are imported in one place each', () => {
  const findings = sources.flatMap(({ file, imports }) =>
    imports
      .filter((name) => HOMES[packageOf(name)]?.some((home) => isInside(file, home)) === false)
      .map((name) => `${file} imports ${name}`),
  );
  none(findings);
});

test('core knows no machine, no clock, no chance and no console', () => {
  const impure =
    /\b(?:process|console|document|navigator|globalThis|performance|localStorage)\s*[.[]|\bMath\.random\b|\bDate\.now\b|\bnew Date\b|\b(?:setTimeout|setInterval|setImmediate|fetch|require)\s*\(|\bBuffer\.|\bcrypto\./;
  const findings: string[] = [];
  for (const { file, text } of sources.filter((s) => isInside(s.file, 'core'))) {
    const found = impure.exec(withoutComments(text));
    if (found !== null) findings.push(`${file} uses ${found[0]}`);
  }
  none(findings);
});

test('files are short and say first what they are for', () => {
  const findings: string[] = [];
  for (const file of globSync(['src/**/*.{ts,tsx}', 'test/**/*.ts', 'scripts/**/*.ts', '*.ts'], {
    cwd: ROOT,
  })) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const lines = text.split('\n').length;
    if (lines > MOST_LINES) findings.push(`${file} has ${lines} lines, ${MOST_LINES} are the most`);
    if (!/^\/[/*] ?\S/.test(text)) findings.push(`${file} does not start with a comment`);
  }
  none(findings);
});
