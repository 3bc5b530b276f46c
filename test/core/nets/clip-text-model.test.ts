// The text encoder: sizes, added tokens, pooling at the first end-of-text token, refused configurations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '../../../src/core/graph/builder.ts';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { clipTextModel, parseClipTextConfig, TOKEN_TABLE } from '../../../src/core/nets/clip-text-model.ts';
import { textWeightName } from '../../../src/core/nets/legacy-names.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { countParameters, randomFeeds } from './sizes.ts';

const SMALL = {
  vocab_size: 12,
  hidden_size: 4,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 6,
};

test("Stable Diffusion 1.x's text encoder has 123,060,480 parameters", () => {
  const config = parseClipTextConfig({
    hidden_size: 768,
    intermediate_size: 3072,
    num_attention_heads: 12,
    eos_token_id: 2,
  });
  assert.equal(config.eosTokenId, 49407, 'published files name the wrong end token');
  const b = new Builder();
  const s = new Scope(b);
  clipTextModel(s, b.input('ids', [1, 77], 'int32'), config);
  assert.equal(countParameters(s.table), 123_060_480);
});

test('added tokens are rows of the table; no layers are allowed', () => {
  const config = parseClipTextConfig({ ...SMALL, num_hidden_layers: 0, max_position_embeddings: 5 });
  const b = new Builder();
  const s = new Scope(b);
  const out = clipTextModel(s, b.input('ids', [2, 3], 'int32'), config, { addedTokens: 5 });
  assert.deepEqual(s.table.get(TOKEN_TABLE)?.shape, [17, 4]);
  assert.equal(out.hiddenStates.length, 1);
  assert.deepEqual(out.lastHiddenState.shape, [2, 3, 4]);
});

test('later tokens do not reach earlier ones, and pooling takes the first end token', () => {
  const config = parseClipTextConfig({ ...SMALL, eos_token_id: 9 });
  const b = new Builder();
  const out = clipTextModel(new Scope(b), b.input('ids', [1, 5], 'int32'), config, { addedTokens: 3 });
  const outputs = { last: out.lastHiddenState, pooled: out.poolerOutput };
  const feeds = randomFeeds(Object.values(outputs));
  const run = (ids: number[]) => interpret({ outputs }, { ...feeds, ids });
  const [one, two] = [run([1, 14, 9, 9, 9]), run([1, 14, 9, 3, 11])];
  assert.deepEqual([...one.last.data.slice(0, 12)], [...two.last.data.slice(0, 12)]);
  assert.notDeepEqual([...one.last.data.slice(12)], [...two.last.data.slice(12)]);
  assert.deepEqual([...one.pooled.data], [...one.last.data.slice(8, 12)]);
});

test('refused values name the key', () => {
  assert.throws(() => parseClipTextConfig({ hidden_act: 'relu' }), /hidden_act = "relu".*quick_gelu/);
  assert.throws(() => parseClipTextConfig({ model_type: 'bert' }), /model_type = "bert"/);
  assert.throws(() => parseClipTextConfig({ num_hidden_layers: -1 }), /num_hidden_layers = -1/);
  assert.throws(() => parseClipTextConfig({ rope_theta: 1 }), /rope_theta = 1/);
});

test('weight names with and without prefix; buffers are skipped', () => {
  assert.equal(textWeightName('final_layer_norm.bias'), 'text_model.final_layer_norm.bias');
  assert.equal(textWeightName('text_model.final_layer_norm.bias'), 'text_model.final_layer_norm.bias');
  assert.equal(textWeightName('text_model.embeddings.position_ids'), null);
});
