// The fine-tuning graph: its terms, which rows of the batch each term sees, and how they add up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import type { Value } from '../../../../src/core/graph/value.ts';
import { verify } from '../../../../src/core/graph/verify.ts';
import { TOKEN_TABLE } from '../../../../src/core/nets/clip-text-model.ts';
import { Scope } from '../../../../src/core/nets/scope.ts';
import { denoise, denoiseInputs } from '../../../../src/core/recipes/pack/denoise-loss.ts';
import { attentionMaps } from '../../../../src/core/recipes/seas/attention-maps.ts';
import { alignmentLoss, TRAINING_EPSILON } from '../../../../src/core/recipes/seas/losses.ts';
import { windowProgram } from '../../../../src/core/recipes/seas/window-program.ts';
import { randomFeeds } from '../../nets/sizes.ts';
import { TINY_LATENT, TINY_NETWORKS, TINY_TOKENS } from '../tiny-networks.ts';

const ROWS = { windows: 1, anomalies: 2, normals: 1 };
const OPTIONS = {
  rows: ROWS,
  latentSize: TINY_LATENT,
  promptLength: TINY_TOKENS,
  tokensPerPrompt: 3,
  form: 'code',
  alignment: 0.3,
} as const;
/** Prompts of the four rows: the anomalies hold tokens 5 and 6 after the product's token 1. */
const IDS = [0, 2, 3, 3, 1, 5, 6, 3, 1, 6, 5, 3, 1, 3, 3, 3];
/** One-hot rows [2,3,4] of tokens 1, 5, 6 in the anomalies' prompts. */
const SELECTION = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0];

/** Random numbers where they make sense; masks have cells of 0, of 1 and in between. */
function feedsOf(loss: Value) {
  const feeds: Record<string, ArrayLike<number>> = randomFeeds([loss], 11);
  const cells = (name: string) => Array.from(feeds[name], (v) => (v > 0.2 ? 1 : v > 0 ? 0.5 : 0));
  return {
    ...feeds,
    ids: IDS,
    selection: SELECTION,
    timestep: [700, 20, 300, 900],
    mask_2: cells('mask_2'),
    mask_4: cells('mask_4'),
    weight: Array.from(feeds.weight, (v) => v * v + 0.05),
  };
}

const program = windowProgram(TINY_NETWORKS, OPTIONS);
const feeds: Record<string, ArrayLike<number>> = feedsOf(program.loss);
const names = Object.keys(program.terms);
const values = interpret({ outputs: { loss: program.loss, ...program.terms } }, feeds);
const termOf = (name: string) => values[name].data[0];

/** The prediction and the attention maps' loss from a graph of the same names, built apart. */
function apart() {
  const b = new Builder();
  const n = ROWS.windows + ROWS.anomalies + ROWS.normals;
  const inputs = denoiseInputs(b, n, TINY_NETWORKS.unet, TINY_LATENT, TINY_TOKENS);
  const result = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, TINY_NETWORKS);
  const selection = b.input('selection', [2, 3, 4]);
  const anomalies = (v: Value) => b.narrow(v, 0, ROWS.windows, ROWS.anomalies);
  const taps = result.attention.map((tap) => ({ ...tap, q: anomalies(tap.q), k: anomalies(tap.k) }));
  const alignment = (scale: number) => {
    const size = TINY_LATENT / scale;
    const request = { form: 'code', latent: [8, 8], scale, selection, epsilon: TRAINING_EPSILON } as const;
    const mask = b.input(`mask_${scale}`, [2, 1, size, size]);
    return alignmentLoss(b, attentionMaps(b, taps, request), mask, 'code', 'any');
  };
  const outputs = { prediction: result.sample, DA_2: alignment(2), DA_4: alignment(4) };
  return interpret({ outputs }, feeds);
}

const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) < 1e-6 * Math.max(1, expected),
    `${what}: ${actual}, not ${expected}`,
  );

test('the program is legal and has the terms of both recipes', () => {
  assert.ok(verify({ outputs: { loss: program.loss, ...program.terms } }) > 100);
  assert.deepEqual(names, ['windows', 'L_df', 'L_NA', 'DA_2', 'DA_4']);
  assert.deepEqual(program.scales, [2, 4]);
  assert.deepEqual(program.loss.shape, []);
  for (const name of names) assert.ok(termOf(name) > 0 && Number.isFinite(termOf(name)), name);
});

test('its loss is windows + L_df + L_NA + alignment (DA_2 + DA_4)', () => {
  const plain = termOf('windows') + termOf('L_df') + termOf('L_NA');
  near(termOf('loss'), plain + 0.3 * (termOf('DA_2') + termOf('DA_4')), 'loss');
});

test('each term sees its own rows: first windows, then whole anomalies, then normal ones', () => {
  const { prediction, DA_2, DA_4 } = apart();
  const size = 4 * TINY_LATENT ** 2;
  const error = (from: number, rows: number, weight: (i: number) => number = () => 1) => {
    let sum = 0;
    for (let i = from * size; i < (from + rows) * size; i++)
      sum += weight(i) * (prediction.data[i] - feeds.target[i]) ** 2;
    return sum / (rows * size);
  };
  near(
    termOf('windows'),
    error(0, 1, (i) => feeds.weight[i % TINY_LATENT ** 2]),
    'windows',
  );
  near(termOf('L_df'), error(1, 2), 'L_df');
  near(termOf('L_NA'), error(3, 1), 'L_NA');
  near(termOf('DA_2'), DA_2.data[0], 'DA_2');
  near(termOf('DA_4'), DA_4.data[0], 'DA_4');
});

test('parameters of both networks go by the names of their inputs, and the loss reaches them', () => {
  for (const [name, value] of program.parameters) assert.equal(value.attrs.name, name);
  const named = ['unet/conv_out.weight', `text/${TOKEN_TABLE}`, 'unet/mid_block.resnets.0.conv1.weight'];
  const found = named.map((n) => program.parameters.get(n) as Value);
  const grads = gradients(program.b, program.loss, found);
  assert.deepEqual(
    grads.map((g) => g?.shape),
    found.map((v) => v.shape),
  );
  const inputs = Object.keys(randomFeeds([program.loss])).filter((n) => !program.parameters.has(n));
  assert.deepEqual(inputs.toSorted(), [
    'ids',
    'mask_2',
    'mask_4',
    'sample',
    'selection',
    'target',
    'timestep',
    'weight',
  ]);
});

test('without normal rows there is no L_NA', () => {
  const rows = { windows: 2, anomalies: 1, normals: 0 };
  const { loss, terms } = windowProgram(TINY_NETWORKS, { ...OPTIONS, rows });
  verify({ outputs: { loss, ...terms } });
  assert.deepEqual(Object.keys(terms), ['windows', 'L_df', 'DA_2', 'DA_4']);
});
