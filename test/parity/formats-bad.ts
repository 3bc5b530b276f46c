// Verdicts on the files of formats/bad: each is put where a user would have it, and the importer (or pack reader) asked.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { AppError } from '../../src/core/base/errors.ts';
import { isFloatDtype } from '../../src/core/formats/safetensors-data.ts';
import { scanFolder } from '../../src/engine/datasets/index.ts';
import { openSafetensors } from '../../src/engine/packs/safetensors-file.ts';
import { type CheckResult, checkThat } from './check.ts';
import {
  allPictures,
  type FormatsIndex,
  inTempFolder,
  place,
  type Verdict,
  verdictOf,
} from './formats-index.ts';

/** Files that make_links.sh makes, and what its remarks say of them; a folder is passed over without a word. */
const LINKS: readonly (readonly [string, Verdict])[] = [
  ['absolute_link.png', 'reject'],
  ['relative_link.png', 'reject'],
  ['loop_a.png', 'reject'],
  ['loop_b.png', 'reject'],
  ['parent_dir', 'warn'],
  ['dangling.png', 'warn'],
  ['pipe.png', 'reject'],
];

export async function* checkBadFiles(
  area: string,
  formats: string,
  index: FormatsIndex,
): AsyncGenerator<CheckResult> {
  for (const { file, expect } of index.bad) {
    const source = join(formats, 'bad', file);
    const name = `bad/${file.length > 60 ? `${file.slice(0, 60)}...` : file}`;
    if (!existsSync(source)) {
      yield { area, name, status: 'fail', note: 'the file is missing' };
      continue;
    }
    const { verdict, said } = await judge(formats, file, source);
    const hasReason = verdict === 'accept' || said.length > 10;
    yield checkThat(area, name, verdict === expect && hasReason, `${verdict} (${said}), expected ${expect}`);
  }
  if (existsSync(join(formats, 'bad/make_links.sh')) && process.platform !== 'win32') {
    yield* checkLinks(area, formats);
  }
}

async function judge(
  formats: string,
  file: string,
  source: string,
): Promise<{ verdict: Verdict; said: string }> {
  const kind = extname(file).toLowerCase();
  if (kind === '.safetensors') return judgeWeights(source);
  return inTempFolder(async (folder) => {
    await place(folder, await filesAround(formats, file, source));
    if (file.startsWith('yolo')) await writeFile(join(folder, 'data.yaml'), 'names: [scratch, hole, dent]\n');
    return verdictOf(folder);
  });
}

/** Where the file lies in a folder a user would import. */
async function filesAround(formats: string, file: string, source: string): Promise<Record<string, string>> {
  const [first] = Object.values(await allPictures(formats, ''));
  const kind = extname(file).toLowerCase();
  if (file.startsWith('yolo')) return { 'images/000.png': first, 'labels/000.txt': source };
  if (['.json', '.xml', '.csv'].includes(kind))
    return { ...(await allPictures(formats, '')), [file]: source };
  if (dirname(file) !== '.') {
    const picture = join(dirname(source), basename(file).replace('_mask', ''));
    return { 'dent/images/000.png': picture, 'dent/masks/000_mask.png': source };
  }
  if (file.startsWith('mask')) return { 'dent/images/000.png': first, [`dent/masks/000${kind}`]: source };
  return { [`good/${file}`]: source };
}

/** As a loader of weights takes them; NaN is refused there, and a viewer may show it. */
function judgeWeights(path: string): { verdict: Verdict; said: string } {
  try {
    const file = openSafetensors(path);
    try {
      for (const name of file.names)
        if (isFloatDtype(file.info(name).dtype)) file.float32(name, { finite: true });
      return { verdict: 'accept', said: '' };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { verdict: 'warn', said: error.message };
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { verdict: 'reject', said: error.message };
  }
}

async function* checkLinks(area: string, formats: string): AsyncGenerator<CheckResult> {
  const results = await inTempFolder(async (folder) => {
    const script = join(folder, 'make_links.sh');
    await cp(join(formats, 'bad/make_links.sh'), script);
    await mkdir(join(folder, 'set/good'), { recursive: true });
    execFileSync('sh', [script, join(folder, 'set')]);
    await rm(script);
    await place(folder, { 'set/good/ok.png': Object.values(await allPictures(formats, ''))[0] });
    const { problems, items } = await scanFolder(join(folder, 'set'));
    const levels = new Map(problems.map((problem) => [basename(problem.file), problem.level]));
    const checks = LINKS.map(([file, expect]) => {
      const note = `${levels.get(file) ?? 'accept'}, expected ${expect}`;
      return checkThat(area, `bad/links/${file}`, levels.get(file) === expect, note);
    });
    const taken = items.map((item) => item.file).join();
    return [...checks, checkThat(area, 'bad/links/taken', taken === 'good/ok.png', `took ${taken}`)];
  });
  yield* results;
}
