// The order, filters and pace of a review, and the attribute board and runs of a plan: the window's pure parts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedWeights, shareOf } from '../../src/renderer/stations/generate/board-weights.ts';
import { FIRST_PLAN, isPlaceReady, runsOf, totalOf } from '../../src/renderer/stations/generate/plan.ts';
import {
  chosen,
  countsOf,
  FIRST_FILTERS,
  nextUndecided,
  type ReviewedPicture,
} from '../../src/renderer/stations/review/order.ts';

function picture(id: string, facts: Partial<ReviewedPicture> = {}): ReviewedPicture {
  return {
    id,
    runId: 'run',
    index: 0,
    generator: 'windows',
    type: 'dent',
    status: 'undecided',
    reason: null,
    flags: [],
    checks: { agreement: { changedInMask: 1, contrast: 1 }, areaRatio: 1 },
    width: 8,
    height: 8,
    hasMask: true,
    label: 'mask',
    source: null,
    sourceUse: 'source',
    repairs: 0,
    createdAt: 0,
    ...facts,
  };
}

const ids = (list: readonly ReviewedPicture[]) => list.map(({ id }) => id).join(' ');
const LIST = [
  picture('fine'),
  picture('weak', { checks: { agreement: { changedInMask: 0.75, contrast: 0.7 }, areaRatio: 1.4 } }),
  picture('flagged', { flags: ['contrast'], type: 'scratch' }),
  picture('twice', { flags: ['contrast', 'agreement'], generator: 'paste' }),
  picture('done', { status: 'accepted' }),
];

test('worst first: more flags, then weaker numbers', () => {
  assert.equal(ids(chosen(LIST, FIRST_FILTERS)), 'twice flagged weak fine');
  assert.equal(
    ids(chosen(LIST, { ...FIRST_FILTERS, order: 'best', state: 'all' })),
    'fine done weak flagged twice',
  );
  assert.equal(ids(chosen(LIST, { ...FIRST_FILTERS, order: 'made' })), 'fine weak flagged twice');
});

test('filters by state, flag, type and generator', () => {
  const by = (filters: object) => ids(chosen(LIST, { ...FIRST_FILTERS, order: 'made', ...filters }));
  assert.equal(by({ state: 'accepted' }), 'done');
  assert.equal(by({ flag: 'unflagged' }), 'fine weak');
  assert.equal(by({ flag: 'flagged' }), 'flagged twice');
  assert.equal(by({ flag: 'agreement' }), 'twice');
  assert.equal(by({ type: 'scratch' }), 'flagged');
  assert.equal(by({ generator: 'paste' }), 'twice');
  assert.deepEqual(countsOf(LIST), { accepted: 1, rejected: 0, undecided: 4 });
});

test('the next undecided one comes round to the front and never is the same', () => {
  assert.equal(nextUndecided(LIST, 'fine'), 'weak');
  assert.equal(nextUndecided(LIST, 'twice'), 'fine');
  assert.equal(nextUndecided([LIST[0], LIST[4]], 'fine'), null);
  assert.equal(nextUndecided([LIST[4]], null), null);
});

test('a plan becomes one run per type, with what its generator understands', () => {
  const none = { zones: null, mask: null };
  const given = { product: 'plate', types: ['dent', 'scratch'], painted: none };
  const plan = {
    ...FIRST_PLAN,
    counts: { dent: 20, scratch: 0, gone: 9 },
    good: 5,
    size: 150,
    attributes: { dent: { sks1: 0.7, sks5: 0.3, sks2: 0 } },
  };
  assert.equal(totalOf(plan, given.types), 25);
  const [dents, good, ...rest] = runsOf(plan, given);
  assert.deepEqual(rest, []);
  assert.deepEqual(
    [dents.type, dents.count, dents.attributes, dents.placement?.size],
    ['dent', 20, { sks1: 0.7, sks5: 0.3 }, 1.5],
  );
  assert.deepEqual([good.generator, good.count, good.placement], ['normal', 5, undefined]);
  const [pasted] = runsOf({ ...plan, generator: 'paste' }, given);
  assert.deepEqual([pasted.attributes, pasted.device, pasted.masks], [undefined, undefined, undefined]);
  const zones = { ...plan, place: 'zones' as const };
  assert.deepEqual([isPlaceReady(zones, none), isPlaceReady(zones, { ...none, zones: 'Z' })], [false, true]);
  const [inside] = runsOf(zones, { ...given, painted: { ...none, zones: 'Z' } });
  assert.deepEqual(inside.placement?.where, { kind: 'zones', mask: 'Z' });
  const [own] = runsOf({ ...plan, place: 'mask' }, { ...given, painted: { ...none, mask: 'M' } });
  assert.deepEqual([own.placement?.where, own.placement?.size], [{ kind: 'mask', mask: 'M' }, 1]);
});

test('the attribute board states a whole row once it is touched, and forgets it when it is its own again', () => {
  const row = ['sks1', 'sks5'];
  const mixed = changedWeights({ sks2: 1 }, { row, own: 'sks1', token: 'sks5', value: 0.5 });
  assert.deepEqual(mixed, { sks2: 1, sks1: 1, sks5: 0.5 });
  assert.equal(shareOf(mixed, { row, own: 'sks1', token: 'sks5', value: 0.5 }), 33);
  assert.equal(shareOf({}, { row, own: 'sks1', token: 'sks1', value: 1 }), 100);
  assert.deepEqual(changedWeights(mixed, { row, own: 'sks1', token: 'sks5', value: 0 }), { sks2: 1 });
  const other = changedWeights(mixed, { row, own: 'sks1', token: 'sks1', value: 0 });
  assert.deepEqual(other, { sks2: 1, sks1: 0, sks5: 0.5 });
  assert.deepEqual(changedWeights(other, { row, own: 'sks1', token: 'sks5', value: 0 }), { sks2: 1 });
});
