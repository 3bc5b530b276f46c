// Saving a fine-tune: what is written holds what was learned, and our own readers get it back.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { namedRng } from '../../../src/core/base/rng.ts';
import { TOKEN_TABLE } from '../../../src/core/nets/clip-text-model.ts';
import { textTable, unetTable } from '../../../src/core/nets/parameter-tables.ts';
import { mergeAdapters } from '../../../src/core/recipes/adapters.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';
import { openPack } from '../../../src/engine/packs/pack.ts';
import { EMBEDDED_PACK, packService } from '../../../src/engine/packs/pack-service.ts';
import { verifyWeights } from '../../../src/engine/packs/verify-weights.ts';
import type { TokenSet, WeightsExportJob } from '../../../src/engine/services.ts';
import { networksOf, startWeights, weightsFile } from '../../../src/engine/training/seas/networks.ts';
import { productTokens } from '../../../src/engine/training/seas/tokens.ts';
import { weightsService } from '../../../src/engine/weights/export-service.ts';
import { readEmbedding } from '../../../src/engine/weights/read-embedding.ts';
import { applyLora, readLora } from '../../../src/engine/weights/read-lora.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { largest, worstDifference } from './tiny-run.ts';

type Arrays = Record<string, Float32Array>;
const TYPES = ['crack', 'hole'];
const ADAPTED = ['conv_in.weight', 'mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight'];
const RANK = 3;

/** A fine-tune on the embedded pack, as training stores it, with a change known to the test. */
function fineTune(t: TestContext, whole: boolean) {
  const folder = tempFolder(t);
  const pack = openPack(EMBEDDED_PACK);
  const base = pack.weights();
  const product = productTokens(pack, TYPES.length);
  const start = startWeights(pack, base, product);
  const table = start[`text/${TOKEN_TABLE}`].map(
    (v, i) => v + (i >= base.text[TOKEN_TABLE].length ? i % 7 : 0),
  );
  const adapters: Arrays = {};
  for (const name of ADAPTED) {
    const shape = unetTable(pack.unet).get(name)!.shape;
    const rng = namedRng(2, name);
    adapters[`${name}.lora_up`] = rng.fillNormal(new Float32Array(shape[0] * RANK));
    adapters[`${name}.lora_down`] = rng.fillNormal(new Float32Array(RANK * sizeOf(shape.slice(1))));
  }
  const learned = { ...base.unet, ...Object.fromEntries(ADAPTED.map((n) => [n, base.unet[n].slice()])) };
  mergeAdapters(learned, adapters, RANK);
  const prefixed = (arrays: Arrays) =>
    Object.fromEntries(Object.entries(arrays).map(([n, a]) => [`unet/${n}`, a]));
  const content = whole ? { ...start, ...prefixed(learned) } : prefixed(adapters);
  const name = whole ? 'weights.safetensors' : 'adapters.safetensors';
  const file = join(folder, name);
  writeFileSync(file, weightsFile({ ...content, [`text/${TOKEN_TABLE}`]: table }));
  const tokenSet: TokenSet = {
    id: '01J9ZQ4M7N8P6R5S3T2V1W0XYZ',
    types: TYPES,
    config: { adapterRank: whole ? 0 : RANK },
    files: { [name]: file },
    hashes: { [name]: '0'.repeat(64) },
  };
  return { folder, pack, product, base, learned, table, tokenSet };
}

async function save(tokenSet: TokenSet, out: string, job: Partial<WeightsExportJob>) {
  const pack = await packService.resolve(null, null);
  const rest = { as: 'lora', dialect: null, rank: null, half: false, engineVersion: '1', ...job } as const;
  return weightsService.write({ tokenSet, pack, out, ...rest }, new AbortController().signal);
}

test('adapters are saved as a LoRA in both dialects and read back onto the pack', async (t) => {
  const { folder, pack, product, base, learned, tokenSet } = fineTune(t, false);
  const addedTokens = networksOf(pack, product).addedTokens;
  const target = {
    unet: { config: pack.unet, table: unetTable(pack.unet) },
    text: { table: textTable(pack.text, addedTokens) },
  };
  for (const dialect of ['diffusers', 'kohya'] as const) {
    const out = join(folder, 'new', `${dialect}.safetensors`);
    const told = await save(tokenSet, out, { dialect });
    assert.deepEqual([told.modules, told.rank, told.largestLoss], [ADAPTED.length, RANK, 0]);
    const read = readLora(out, target);
    const weights = Object.fromEntries(ADAPTED.map((n) => [n, base.unet[n].slice()]));
    applyLora(weights, read, 'unet', 1);
    for (const name of ADAPTED) assert.equal(worstDifference(weights[name], learned[name]), 0, name);
    await assert.rejects(save(tokenSet, out, { dialect }), {
      code: 'usage',
      message: /at this place already/,
    });
  }
});

test('a whole U-Net is no LoRA; the nearest one of its rank holds it', async (t) => {
  const { folder, pack, base, learned, tokenSet } = fineTune(t, true);
  const out = join(folder, 'lora.safetensors');
  await assert.rejects(save(tokenSet, out, {}), { code: 'unsupported', message: /it is not a LoRA/ });
  assert.equal(existsSync(out), false);
  const told = await save(tokenSet, out, { rank: RANK });
  assert.deepEqual([told.modules, told.leftBehind], [ADAPTED.length, 0]);
  assert.ok((told.largestLoss as number) < 1e-3);
  const text = { table: textTable(pack.text) };
  const read = readLora(out, { unet: { config: pack.unet, table: unetTable(pack.unet) }, text });
  const weights = Object.fromEntries(ADAPTED.map((n) => [n, base.unet[n].slice()]));
  applyLora(weights, read, 'unet', 1);
  for (const name of ADAPTED) {
    const change = largest(learned[name].map((v, i) => v - base.unet[name][i]));
    assert.ok(worstDifference(weights[name], learned[name]) < 1e-4 * change, name);
  }
});

test('tokens are saved as embeddings: the rows of the learned table', async (t) => {
  const { folder, product, table, tokenSet, pack } = fineTune(t, false);
  const width = pack.text.hiddenSize;
  for (const dialect of ['a1111', 'diffusers'] as const) {
    const out = join(folder, dialect);
    await save(tokenSet, out, { as: 'embedding', dialect });
    assert.deepEqual(readdirSync(out), [
      'crack.safetensors',
      'hole.safetensors',
      'ob1.safetensors',
      'tokens.json',
    ]);
    const read = readEmbedding(join(out, 'hole.safetensors'), width);
    assert.deepEqual([read.name, read.dialect], [dialect === 'a1111' ? 'hole' : '<hole>', dialect]);
    const first = (product.tokenizer.idOf('sks5') as number) * width;
    assert.deepEqual(read.rows, table.slice(first, first + 4 * width));
    const told = JSON.parse(readFileSync(join(out, 'tokens.json'), 'utf8'));
    assert.equal(told.prompts.types.hole, 'a ob1 with sks5 sks6 sks7 sks8');
  }
});

test('the model folder is a pack again, with the learned U-Net and the added tokens', async (t) => {
  const { folder, learned, table, tokenSet } = fineTune(t, false);
  const out = join(folder, 'model');
  await save(tokenSet, out, { as: 'unet' });
  const pack = openPack(out);
  const weights = verifyWeights(pack, pack.weights());
  for (const [name, data] of Object.entries(learned))
    assert.equal(worstDifference(weights.unet[name], data), 0, name);
  assert.deepEqual(weights.text[TOKEN_TABLE], table);
  assert.equal(pack.text.vocabSize, table.length / pack.text.hiddenSize);
  assert.ok(pack.tokenizer().idOf('sks8') !== undefined);

  mkdirSync(join(folder, 'half'));
  await save(tokenSet, join(folder, 'half'), { as: 'unet', half: true });
  const half = openPack(join(folder, 'half')).weights().unet[ADAPTED[0]];
  assert.ok(worstDifference(half, learned[ADAPTED[0]]) <= 2 ** -11 * largest(learned[ADAPTED[0]]));
});

test('nothing is overwritten, and nothing is left where saving fails', async (t) => {
  const { folder, tokenSet } = fineTune(t, false);
  const full = join(folder, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'mine.txt'), 'mine');
  await assert.rejects(save(tokenSet, full, { as: 'unet' }), { code: 'usage' });
  assert.deepEqual(readdirSync(full), ['mine.txt']);
  await assert.rejects(save(tokenSet, join(folder, 'x'), { as: 'embedding', dialect: 'kohya' }), {
    code: 'usage',
    message: /no dialect "kohya"/,
  });
  await assert.rejects(save(tokenSet, join(full, 'mine.txt', 'in a file'), { as: 'unet' }));
  const other = { ...tokenSet, files: {} };
  await assert.rejects(save(other, join(folder, 'x'), {}), {
    code: 'unsupported',
    message: /holds no adapters/,
  });
  assert.deepEqual(readdirSync(folder).sort(), ['adapters.safetensors', 'full']);
});
