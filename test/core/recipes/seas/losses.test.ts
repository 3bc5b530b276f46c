// Behaviour of SeaS's loss terms (methods.md section 5, a to c) and of its attention maps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../../src/core/graph/builder.ts';
import { interpret } from '../../../../src/core/graph/interpret.ts';
import type { Value } from '../../../../src/core/graph/value.ts';
import type { CrossAttentionTap } from '../../../../src/core/nets/transformer-2d.ts';
import {
  ATTENTION_FORMS,
  attentionMaps,
  attentionScales,
  minMaxNormalised,
} from '../../../../src/core/recipes/seas/attention-maps.ts';
import { alignmentLoss, seasLoss } from '../../../../src/core/recipes/seas/losses.ts';
import { maskLoss } from '../../../../src/core/recipes/seas/mask-loss.ts';
import { randomFeeds } from '../../nets/sizes.ts';

function scalar(value: Value, feeds: Record<string, ArrayLike<number>> = {}): number {
  return interpret({ outputs: { value } }, feeds).value.data[0];
}

/** Layers of 4x4 and 2x2 maps on both sides; 3 items, 2 heads of 3, 5 tokens. */
function taps(b: Builder): CrossAttentionTap[] {
  const tap = (block: string, size: number): CrossAttentionTap => ({
    path: `${block}.attn`,
    block,
    q: b.input(`${block}.q`, [3, 2, size * size, 3]),
    k: b.input(`${block}.k`, [3, 2, 5, 3]),
    height: size,
    width: size,
  });
  return [tap('down_blocks.0', 4), tap('down_blocks.1', 2), tap('mid_block', 2), tap('up_blocks.1', 4)];
}

const SELECTION = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1];

test('(a) the alignment is 0 when A_df is the mask and A_ob vanishes on it', () => {
  const b = new Builder();
  const mask = [1, 0, 1, 0];
  const m = b.constant(mask, [1, 1, 2, 2]);
  const defect = minMaxNormalised(b, b.constant([0.4, 0.1, 0.4, 0.1], [1, 2, 2]), 0);
  const object = minMaxNormalised(b, b.constant([0.2, 0.9, 0.2, 0.5], [1, 2, 2]), 0);
  for (const form of ATTENTION_FORMS)
    assert.ok(Math.abs(scalar(alignmentLoss(b, { object, defect }, m, form))) < 1e-12, form);
  const wrong = b.sub(1, defect);
  assert.ok(scalar(alignmentLoss(b, { object, defect: wrong }, m, 'code')) > 0.9);
});

test('(b) normalising a batch of two is not normalising each', () => {
  const b = new Builder();
  const two = b.constant([0, 1, 2, 10], [2, 1, 2]);
  const together = interpret({ outputs: { v: minMaxNormalised(b, two, 0) } }, {}).v.data;
  assert.deepEqual(
    [...together].map((v) => Math.round(v * 10) / 10),
    [0, 0.1, 0.2, 1],
  );
});

test('(c) without a full defect pixel nothing becomes NaN; soft pixels count for the other data sets', () => {
  const b = new Builder();
  const object = b.constant([0.5, 0.5, 0.5, 0.5], [1, 2, 2]);
  const defect = b.constant([0, 0, 0, 0], [1, 2, 2]);
  const soft = b.constant([0.5, 0, 0, 0], [1, 1, 2, 2]);
  assert.equal(scalar(alignmentLoss(b, { object, defect }, soft, 'code')), 0.0625);
  assert.equal(scalar(alignmentLoss(b, { object, defect }, soft, 'code', 'any')), 0.0625);
  const shifted = b.constant([1, 0, 0, 0], [1, 2, 2]);
  assert.equal(scalar(alignmentLoss(b, { object: shifted, defect }, soft, 'code', 'any')), 0.3125);
  const flat = minMaxNormalised(b, object, 1e-8);
  assert.equal(scalar(b.sum(flat, 'all')), 0);
});

test('code: softmax over the pixels, blind to what is added to all queries', () => {
  const b = new Builder();
  const layers = taps(b);
  const request = {
    latent: [8, 8],
    scale: 2,
    selection: b.constant(SELECTION, [2, 2, 5]),
    epsilon: 0,
  } as const;
  const maps = attentionMaps(b, layers, { ...request, form: 'code' });
  assert.deepEqual(
    [maps.object.shape, maps.defect.shape],
    [
      [2, 4, 4],
      [2, 4, 4],
    ],
  );
  const feeds = randomFeeds([maps.object, maps.defect]);
  assert.deepEqual(Object.keys(feeds).toSorted(), ['down_blocks.0.k', 'down_blocks.0.q']);
  const before = interpret({ outputs: { v: maps.defect } }, feeds).v.data;
  const moved = { ...feeds, 'down_blocks.0.q': feeds['down_blocks.0.q'].map((v) => v + 1) };
  const after = interpret({ outputs: { v: maps.defect } }, moved).v.data;
  assert.ok(before.every((v, i) => Math.abs(v - after[i]) < 1e-4));
  const token = attentionMaps(b, layers, { ...request, form: 'token' }).defect;
  const [plain, shifted] = [feeds, moved].map((f) => interpret({ outputs: { v: token } }, f).v.data);
  assert.ok(plain.some((v, i) => Math.abs(v - shifted[i]) > 1e-3));
});

test('paper: the mean of both sides, and only sizes that both have', () => {
  const b = new Builder();
  const layers = taps(b);
  assert.deepEqual(attentionScales(layers, 8, 'code'), [2, 4]);
  assert.deepEqual(attentionScales(layers, 8, 'paper'), [2]);
  const request = {
    form: 'paper',
    latent: [8, 8],
    selection: b.constant(SELECTION, [2, 2, 5]),
    epsilon: 0,
  } as const;
  const map = attentionMaps(b, layers, { ...request, scale: 2 }).defect;
  const inputs = Object.keys(randomFeeds([map]));
  assert.ok(inputs.includes('up_blocks.1.q') && inputs.includes('down_blocks.0.q'));
  assert.throws(
    () => attentionMaps(b, layers, { ...request, scale: 4 }),
    /no cross-attention of size 2x2 in up_blocks/,
  );
});

test('the total is the sum of its terms and reaches queries, keys and the prediction', () => {
  const b = new Builder();
  const [prediction, target] = ['prediction', 'target'].map((name) => b.input(name, [3, 2, 8, 8]));
  const attention = taps(b);
  const mask = b.constant(
    Array.from({ length: 32 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    [2, 1, 4, 4],
  );
  const selection = b.constant(SELECTION, [2, 2, 5]);
  const inputs = { prediction, target, attention, selection, masks: [{ scale: 2, mask }] };
  const { loss, terms } = seasLoss(b, inputs, { form: 'code' });
  assert.deepEqual(Object.keys(terms), ['L_df', 'L_NA', 'DA_2']);
  const feeds = randomFeeds([loss]);
  const parts = Object.values(terms).map((term) => scalar(term, feeds));
  assert.ok(Math.abs(scalar(loss, feeds) - parts.reduce((x, y) => x + y)) < 1e-6);
  const grads = gradients(b, loss, [prediction, attention[0].q, attention[0].k, attention[1].q]);
  assert.deepEqual(
    grads.map((g) => g !== null),
    [true, true, true, false],
  );
  const alone = seasLoss(
    b,
    { ...inputs, prediction: b.narrow(prediction, 0, 0, 2), target: b.narrow(target, 0, 0, 2) },
    { form: 'code' },
  );
  assert.deepEqual(Object.keys(alone.terms), ['L_df', 'DA_2'], 'no normal pictures, no L_NA');
});

test('the mask loss of an undecided network is 0.1732749 per scale', () => {
  const b = new Builder();
  const half = b.fill(0.5, [1, 2, 2, 2]);
  const mask = b.constant([1, 0.999, 0, 0], [1, 1, 2, 2]);
  const { loss, terms } = maskLoss(b, { fine: half, coarse: half, fineMask: mask, coarseMask: mask });
  assert.ok(Math.abs(scalar(terms.fine) - 0.1732749) < 1e-6);
  assert.ok(Math.abs(scalar(loss) - 2 * 0.1732749) < 2e-6);
  const sure = b.constant([0, 1, 1, 1, 1, 0, 0, 0], [1, 2, 2, 2]);
  assert.ok(scalar(maskLoss(b, { fine: sure, coarse: sure, fineMask: mask, coarseMask: mask }).loss) < 1e-8);
});
