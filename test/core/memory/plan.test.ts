// Plans from fast to thrifty: the first that fits is taken, and what cannot fit is refused with what it needs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { choosePlan, planText, type StepPlan, stepBytes, stepPlans } from '../../../src/core/memory/plan.ts';

const GIB = 2 ** 30;
const MEMORY = { feedBytes: 100, resultBytes: 10, arenaBytes: 1000, sessionBytes: 5 };
const short = ({ parts, lanes, form }: StepPlan) => `${parts}/${lanes}${form.recompute ? ' again' : ''}`;

test('the usual plan comes first, every plan once', () => {
  const plans = stepPlans([2, 4, 1], 2).map(short);
  assert.equal(plans[0], '2/2');
  assert.equal(new Set(plans).size, plans.length);
  assert.deepEqual(plans.slice(0, 5), ['2/2', '4/2', '2/2 again', '4/2 again', '2/1']);
  assert.ok(plans.includes('4/1 again'));
});

test('one thread has one lane', () => {
  assert.ok(stepPlans([2, 1], 1).every(({ lanes }) => lanes === 1));
});

test('lanes share the parts evenly', () => {
  for (const { parts, lanes } of stepPlans([6, 3, 1], 4)) assert.equal(parts % lanes, 0);
  assert.equal(stepPlans([6], 4)[0].lanes, 3);
});

test('a step takes weights, two moments, and what every lane takes', () => {
  assert.equal(stepBytes(MEMORY, { parts: 1, lanes: 1 }, 40), 100 + 80 + 1015);
  assert.equal(stepBytes(MEMORY, { parts: 4, lanes: 1 }, 40), 100 + 80 + 1015 + 10, 'sums of gradients');
  const two = stepBytes(MEMORY, { parts: 2, lanes: 2 }, 40);
  assert.ok(two > 100 + 80 + 2 * 1015);
});

test('the first plan that fits is taken', () => {
  const plans = stepPlans([2, 4], 2);
  const bytesOf = (plan: StepPlan) => GIB * (plan.form.recompute ? 1 : 2) * (plan.lanes / plan.parts);
  assert.equal(short(choosePlan(plans, bytesOf, 3 * GIB).plan), '2/2');
  assert.equal(short(choosePlan(plans, bytesOf, 1.2 * GIB).plan), '4/2');
  const { plan, bytes } = choosePlan(plans, bytesOf, 0.28 * GIB);
  assert.deepEqual([short(plan), bytes], ['4/1 again', 0.25 * GIB]);
});

test('a tenth is kept free', () => {
  const plans = stepPlans([1], 1);
  const bytesOf = ({ form }: StepPlan) => (form.recompute ? 0.5 : 1) * GIB;
  assert.equal(short(choosePlan(plans, bytesOf, 1.11 * GIB).plan), '1/1');
  assert.equal(short(choosePlan(plans, bytesOf, 1.09 * GIB).plan), '1/1 again');
});

test('where none fits the message tells what it would take', () => {
  assert.throws(
    () => choosePlan(stepPlans([1], 1), ({ form }) => (form.recompute ? 1.5 : 2) * GIB, GIB),
    (error) => {
      assert.ok(error instanceof AppError && error.code === 'usage');
      assert.match(error.message, /at least 1\.65 GiB of memory, and 1\.00 GiB are allowed/);
      return true;
    },
  );
});

test('a plan in words', () => {
  const [first] = stepPlans([2], 2);
  assert.equal(planText(first), '2 micro-batches, 2 at a time, activations kept');
  const again = { parts: 1, lanes: 1, form: { recompute: true, attentionBytes: null } };
  assert.equal(planText(again), 'whole batches, activations computed again');
});
