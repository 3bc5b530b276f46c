// Mixing learned attributes: each slot of a type's prompt becomes the weighted mean of the tokens that are named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { namedRng } from '../../../src/core/base/rng.ts';
import { TOKEN_TABLE } from '../../../src/core/nets/clip-text-model.ts';
import { openPack } from '../../../src/engine/packs/pack.ts';
import { EMBEDDED_PACK } from '../../../src/engine/packs/pack-service.ts';
import { mixAttributes, openLearned } from '../../../src/engine/sampling/learned.ts';
import type { GenerateRequest } from '../../../src/engine/services.ts';
import { productTokens } from '../../../src/engine/training/seas/tokens.ts';

const TABLE = `text/${TOKEN_TABLE}`;
const TYPES = ['crack', 'dent', 'stain'];
const pack = openPack(EMBEDDED_PACK);
const width = pack.text.hiddenSize;

/** A fine-tune of three types whose token table holds numbers of its own everywhere. */
function learned() {
  const product = productTokens(pack, TYPES.length);
  const table = namedRng(0, 'table').fillNormal(new Float32Array(product.tokenizer.vocabSize * width));
  return { pack, product, types: TYPES, weights: { [TABLE]: table } };
}

type Attributes = Record<string, number>;

/** The rows of a type's four slots after mixing into that type, and those before, by token name. */
function mixed(type: number, attributes: Attributes) {
  const model = learned();
  const { tokenizer, tokens } = model.product;
  const before = model.weights[TABLE].slice();
  mixAttributes(model, type, attributes);
  const after = model.weights[TABLE];
  const row = (table: Float32Array, name: string) => {
    const at = (tokenizer.idOf(name) as number) * width;
    return table.subarray(at, at + width);
  };
  const changed = Array.from(
    { length: tokenizer.vocabSize },
    (_, id) => tokenizer.tokenOf(id) as string,
  ).filter((name) => !row(before, name).every((v, k) => Object.is(v, row(after, name)[k])));
  const assertRow = (name: string, parts: Attributes) => {
    const names = Object.keys(parts);
    row(after, name).forEach((v, k) => {
      const expected = names.reduce((sum, n) => sum + parts[n] * row(before, n)[k], 0);
      assert.ok(Math.abs(v - expected) < 1e-6, `${name}[${k}]: ${v}, not ${expected}`);
    });
  };
  return { changed, assertRow, tokens };
}

test('names of types mean all their slots: each slot is the mean of the slots of its number', () => {
  const { changed, assertRow } = mixed(0, { crack: 3, dent: 1 });
  assert.deepEqual(changed, ['sks1', 'sks2', 'sks3', 'sks4'], 'nothing but the type asked for changes');
  for (let slot = 1; slot <= 4; slot++)
    assertRow(`sks${slot}`, { [`sks${slot}`]: 0.75, [`sks${slot + 4}`]: 0.25 });
});

test('one other type alone takes its place, and keeps its own rows', () => {
  const { changed, assertRow } = mixed(2, { dent: 0.2 });
  assert.deepEqual(changed, ['sks9', 'sks10', 'sks11', 'sks12']);
  for (let slot = 1; slot <= 4; slot++) assertRow(`sks${slot + 8}`, { [`sks${slot + 4}`]: 1 });
});

test('names of tokens mean their slot; slots that nobody names stay', () => {
  // sks6 is the second slot of dent, sks11 the third of stain.
  const { changed, assertRow } = mixed(0, { sks6: 1, sks2: 1, sks11: 5 });
  assert.deepEqual(changed, ['sks2', 'sks3']);
  assertRow('sks2', { sks2: 0.5, sks6: 0.5 });
  assertRow('sks3', { sks11: 1 });
});

test('types and tokens mix, and two tokens of one slot are both heard', () => {
  const { changed, assertRow } = mixed(1, { dent: 1, sks1: 2, sks9: 1 });
  assert.deepEqual(changed, ['sks5'], 'slots with their own token only stay as they are');
  assertRow('sks5', { sks5: 0.25, sks1: 0.5, sks9: 0.25 });
});

test('without attributes, or with its own name, a type stays as it was learned', () => {
  assert.deepEqual(mixed(0, {}).changed, []);
  assert.deepEqual(mixed(0, { crack: 1 }).changed, []);
});

test('an unknown name is a wrong option, with the known names as a hint', () => {
  assert.throws(
    () => mixed(0, { crack: 1, scratch: 1 }),
    (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'usage');
      assert.match(error.message, /no defect type or token "scratch"/);
      for (const name of [...TYPES, 'sks1', 'sks12'])
        assert.match(error.details.hint as string, new RegExp(`\\b${name}\\b`));
      return true;
    },
  );
  // The product's own token is no attribute of a defect.
  assert.throws(() => mixed(0, { ob1: 1 }), { code: 'usage' });
});

test('weights of a slot must add up to more than nothing', () => {
  for (const attributes of [{ dent: 0 }, { crack: 1, dent: -1 }, { sks1: -2 }] as Attributes[])
    assert.throws(() => mixed(0, attributes), { code: 'usage', message: /more than 0/ });
});

test('a generator that needs a fine-tune says so', () => {
  assert.throws(() => openLearned({ tokenSet: null } as GenerateRequest), {
    code: 'usage',
    message: /needs a fine-tune/,
  });
});
