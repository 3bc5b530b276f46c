// Parity of the CLIP tokenizer: every case of forward/tokenizer.json, for every tokenizer folder of the set.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokenizer } from '../../../src/core/text/tokenizer.ts';
import { loadClipTokenizer } from '../../../src/engine/packs/tokenizer-folder.ts';
import { type CheckResult, checkEqual, maxAbs } from '../check.ts';
import { readJson } from '../golden.ts';

export const AREA = 'tokenizer';

interface Case {
  readonly text: string;
  readonly added: boolean;
  readonly ids: number[];
  /** The vocabulary's spelling of the ids between the start and end marks. */
  readonly tokens: string[];
  /** padded77 and the like: the number is the length. */
  readonly [padded: `padded${number}`]: number[];
}

interface Fixture {
  readonly tokenizer: string;
  readonly added_tokens: string[];
  readonly first_added_id: number;
  readonly cases: Case[];
}

/** The folder the cases were made with, then every other model folder's tokenizer (the same one in other clothes). */
function tokenizerFolders(dir: string, named: string): string[] {
  const others = readdirSync(dir)
    .toSorted()
    .map((model) => `${model}/tokenizer`)
    .filter((folder) => folder !== named && existsSync(join(dir, folder)));
  return [named, ...others];
}

function paddedOf(one: Case): number[] {
  const key = Object.keys(one).find((name) => /^padded\d+$/.test(name)) as `padded${number}`;
  return one[key];
}

function checkCase(name: string, tokenizer: Tokenizer, one: Case): CheckResult {
  const result = checkEqual(AREA, name, tokenizer.encode(one.text), one.ids);
  if (result.status !== 'ok') return { ...result, note: JSON.stringify(one.text) };
  const spelled = one.ids.slice(1, -1).map(tokenizer.tokenOf);
  if (spelled.join(' ') !== one.tokens.join(' '))
    return { ...result, status: 'fail', note: `spelled: ${JSON.stringify(one.text)}` };
  const padded = tokenizer.encodePadded(one.text);
  const gold = paddedOf(one);
  if (padded.length === gold.length && maxAbs(padded, gold) === 0) return result;
  return { ...result, status: 'fail', note: `padded: ${JSON.stringify(one.text)}` };
}

export async function* run(dir: string): AsyncGenerator<CheckResult> {
  const fixture = readJson<Fixture>(dir, 'forward/tokenizer.json');
  for (const folder of tokenizerFolders(dir, fixture.tokenizer)) {
    const plain = loadClipTokenizer(join(dir, folder));
    const extended = loadClipTokenizer(join(dir, folder));
    const ids = extended.addTokens(fixture.added_tokens);
    const wanted = fixture.added_tokens.map((_, i) => fixture.first_added_id + i);
    yield checkEqual(AREA, `${folder}/added_tokens`, ids, wanted);
    for (const [i, one] of fixture.cases.entries()) {
      const name = `${folder}/${String(i).padStart(3, '0')}${one.added ? '+' : ''}`;
      yield checkCase(name, one.added ? extended : plain, one);
    }
  }
}
