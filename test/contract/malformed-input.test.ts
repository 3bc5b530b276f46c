// The door is shut to malformed input: for every method, what does not fit its schema is refused as `usage`.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { contract } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/base/errors.ts';
import { isWorkspace } from '../../src/engine/workspace.ts';
import { connect } from '../engine/support/connected.ts';
import { tempFolder } from '../engine/support/temp-folder.ts';

const ID = '01J9ZQ4M7N8P6R5S3T2V1W0XYZ';
const HASH = 'a'.repeat(64);
const IMPORT = { source: '/x', layout: 'auto', dryRun: true, skipBad: false };
const TRAIN = { method: 'seas', preset: 'quick', shotSeed: 0, seed: 0 };
const GENERATE = { generator: 'windows', type: 't', count: 1, seed: 0, shotSeed: 0 };
const RULE = { where: 'all', redecide: false };
const SAMPLE = { pack: 'p', prompt: 'a', seed: 0, out: '/x.png' };
const EXPORT = { format: 'mvtec', out: '/x', parts: 'both' };

const LOOK = { pictures: { kind: 'files', paths: ['/x.png'] } };

/** Per method: inputs that look almost right. */
const MALFORMED: Record<string, unknown[]> = {
  'workspace.init': [{ folder: '/x' }, null, 'x'],
  'workspace.info': [{ x: 1 }],
  'workspace.doctor': [{}, { repair: 'yes' }, { repair: true, x: 1 }],
  'workspace.backup': [{}, { out: '' }, { out: 'a\0b' }, { out: '/x', x: 1 }],
  'workspace.restore': [{ from: '/x' }, { to: '/x' }, { from: '/x', to: '' }],
  'audit.list': [{ last: 0 }, { last: 1.5 }, { x: 1 }],
  'audit.verify': [
    { noted: { entries: 1, hash: 'x' } },
    { noted: { entries: -1, hash: HASH } },
    { backup: '' },
  ],
  'datasets.sample': [{}, { seed: -1 }, { seed: 0, x: 1 }],
  'datasets.import': [
    { ...IMPORT, source: '' },
    { ...IMPORT, source: 'a\0b' },
    { ...IMPORT, layout: 'mixed' },
    { ...IMPORT, product: 'a/b' },
    { ...IMPORT, product: 'a\nb' },
    { ...IMPORT, dryRun: 1 },
    { ...IMPORT, extra: 1 },
    { ...IMPORT, groupBy: 'x'.repeat(501) },
  ],
  'training.train': [
    { ...TRAIN, method: 'dreambooth' },
    { ...TRAIN, preset: 'fast' },
    { ...TRAIN, shots: 0 },
    { ...TRAIN, shots: 9 },
    { ...TRAIN, shots: 1.5 },
    { ...TRAIN, seed: -1 },
    { ...TRAIN, seed: 2 ** 60 },
    { ...TRAIN, resume: ID },
    { resume: 'latest' },
    { resume: `${ID}0` },
    { ...TRAIN, type: 'a/b' },
    { ...TRAIN, settings: { a: [1] } },
  ],
  'training.methods': [{ x: 1 }],
  'training.predict': [
    {},
    { method: 'seas', shotSeed: 0, preset: 'quick' },
    { method: 'seas', shotSeed: -1 },
  ],
  'training.measure': [{}, { method: 'seas', shotSeed: 0, memory: 0 }, { method: 'lora', shotSeed: 0 }],
  'training.preflight': [
    { method: 'seas', shotSeed: 0 },
    { ...TRAIN, preset: 'fast' },
  ],
  'training.runs': [{ product: '' }, { x: 1 }],
  'training.watch': [{}, { runId: 'x' }],
  'training.keep': [{}, { runId: 'x' }, { runId: ID, x: 1 }],
  'inspect.models': [{ product: '' }, { x: 1 }],
  'inspect.cost': [
    {},
    { pictures: { kind: 'files', paths: [] } },
    { ...LOOK, mode: 'slow' },
    { ...LOOK, falseAlarms: 0.1 },
  ],
  'inspect.inspect': [
    {},
    { ...LOOK, falseAlarms: 0 },
    { ...LOOK, falseAlarms: 1 },
    { ...LOOK, goods: 0 },
    { ...LOOK, model: 'latest' },
    { ...LOOK, settings: { a: null } },
    { ...LOOK, out: 'a\0b' },
    { pictures: { kind: 'split', split: 'all' } },
    { pictures: { kind: 'imported', ids: ['x'] } },
  ],
  'generation.generate': [
    { ...GENERATE, generator: 'dalle' },
    { ...GENERATE, count: 0 },
    { ...GENERATE, count: 1e9 },
    { ...GENERATE, variation: 1.1 },
    { ...GENERATE, variation: Number.NaN },
    { ...GENERATE, attributes: { sks1: -1 } },
    { ...GENERATE, attributes: { sks1: '1' } },
    { ...GENERATE, tokenSet: 'x' },
    { resume: ID, count: 3 },
  ],
  'generation.recreate': [{}, { id: 'x' }, { id: ID, device: 'tpu' }, { id: ID, x: 1 }],
  'generation.keep': [{}, { runId: 'x' }, { runId: ID, x: 1 }],
  'generation.learned': [{ product: '' }, { x: 1 }],
  'generation.outline': [{}, { picture: 'x' }],
  'generation.paintPlacement': [
    { use: 'box', picture: ID, mask: { width: 1, height: 1, counts: '1' } },
    { use: 'zones', picture: ID, mask: { width: 0, height: 1, counts: '1' } },
  ],
  'generation.painted': [{}, { use: 'box' }],
  'generation.predict': [{}, { generator: 'dalle', count: 1 }, { generator: 'paste', count: 0 }],
  'generation.replace': [{}, { id: 'x' }, { x: 1 }],
  'pictures.facts': [{}, { id: 'x' }, { id: ID, x: 1 }],
  'splits.overview': [{ product: '' }, { x: 1 }],
  'splits.set': [
    {},
    { select: { ids: [] }, split: 'train' },
    { select: { ids: [ID] }, split: 'learn' },
    { select: { filter: { role: 'bad' } }, split: null },
    { select: { ids: [ID], filter: {} }, split: null },
  ],
  'splits.rule': [
    {},
    { shares: { train: 0, validation: 0, test: 0 }, seed: 0 },
    { shares: { train: -1, validation: 0, test: 1 }, seed: 0 },
    { shares: { train: 1, validation: 0, test: 1 }, seed: 0.5 },
  ],
  'splits.parts': [{}, { pattern: '' }, { pattern: 'x'.repeat(501) }, { pattern: 1 }],
  'splits.mend': [{ picture: 'x' }, { x: 1 }],
  'splits.undo': [{ x: 1 }],
  'splits.redo': [{ x: 1 }],
  'splits.together': [{}, { picture: 'x' }],
  'splits.waiting': [{ x: 1 }],
  'splits.prepare': [{ product: '' }, { x: 1 }],
  'labels.types': [{ product: '' }, { x: 1 }],
  'labels.addType': [{}, { name: '' }, { name: 'a\nb' }],
  'labels.changeType': [{}, { id: 'x' }, { id: ID, colour: 'red' }],
  'labels.removeType': [{}, { id: 'x' }],
  'labels.queue': [{ filter: 'odd' }, { limit: 0 }, { offset: -1 }],
  'labels.neighbour': [{}, { picture: 'x', step: 1 }, { picture: ID, step: 2 }],
  'labels.open': [{}, { picture: 'x' }],
  'labels.append': [{}, { picture: ID, at: -1 }, { picture: ID, at: 0, id: 'x', step: {} }],
  'labels.setHead': [{}, { picture: ID, head: -1 }],
  'labels.settle': [{ picture: 'x' }, { x: 1 }],
  'labels.nearest': [{}, { picture: 'x' }],
  'review.blind.start': [{ product: '' }, { x: 1 }],
  'review.blind.answer': [{}, { id: ID, index: -1, answer: 'real' }, { id: ID, index: 0, answer: 'x' }],
  'review.blind.list': [{ product: '' }, { x: 1 }],
  'review.get': [{}, { id: 'x' }],
  'review.mask': [{}, { id: 'x' }],
  'review.nearest': [{}, { id: 'x' }],
  'review.redo': [{ x: 1 }, null],
  'review.repair': [{}, { id: 'x' }],
  'review.steps': [{ x: 1 }, null],
  'review.undo': [{ x: 1 }, null],
  'review.decide': [
    { decision: 'maybe', select: { ids: [ID] } },
    { decision: 'accept', select: { ids: [] } },
    { decision: 'accept', select: { ids: ['x'] } },
    { decision: 'accept', select: { ...RULE, where: 'flag' } },
    { decision: 'accept', select: { ...RULE, flag: 'faint' } },
    { decision: 'accept', select: { ids: [ID], ...RULE } },
    { decision: 'accept' },
  ],
  'review.list': [{ status: 'open' }, { run: 'x' }],
  'exports.export': [
    { ...EXPORT, format: 'yolo' },
    { ...EXPORT, out: '' },
    { ...EXPORT, parts: 'all' },
    { ...EXPORT, splits: [] },
    { ...EXPORT, types: ['a/b'] },
  ],
  'exports.drives': [{ x: 1 }, null],
  'exports.preflight': [
    { format: 'mvtec', parts: 'both', parent: '/x' },
    { format: 'mvtec', parts: 'both', parent: '', name: 'a' },
    { format: 'mvtec', parts: 'both', parent: '/x', name: 'a'.repeat(1001) },
  ],
  'exports.list': [{ product: '' }, { x: 1 }],
  'exports.hold': [{ out: '/x' }, { out: '', hold: true }],
  'exports.eject': [{}, { mount: '' }],
  'exports.verify': [{}, { folder: 7 }, { folder: '/x', export: 'x' }],
  'prove.run': [
    { resume: 'x' },
    { resume: ID, seeds: 3 },
    { shots: 0 },
    { seeds: 11 },
    { preset: 'slow' },
    { arms: [] },
    { arms: ['real+photos'] },
    { data: '' },
    { groupBy: '' },
    { settings: { variation: 2 } },
    { settings: { x: 1 } },
  ],
  'prove.list': [{ product: '' }, { x: 1 }],
  'prove.get': [{}, { id: 'x' }, { id: ID, x: 1 }],
  'prove.check': [{ shots: 0 }, { product: '' }, { x: 1 }],
  'prove.html': [{}, { id: 'x' }, { id: ID, x: 1 }],
  'prove.report': [{}, { id: 'x' }, { id: ID, x: 1 }],
  'prove.end': [{}, { id: 'x' }, { id: ID, x: 1 }],
  'detectors.train': [
    {},
    { out: '' },
    { out: '/x', kind: 'tree' },
    { out: '/x', shots: 0 },
    { out: '/x', seed: -1 },
    { out: '/x', settings: { steps: 'many' } },
    { out: '/x', x: 1 },
  ],
  'packs.list': [{ x: 1 }],
  'packs.inspect': [{}, { pack: '' }],
  'packs.add': [{}, { path: '/x', variant: '../fp16' }, { path: '/x', name: 'a/b' }],
  'packs.remove': [{}, { name: '' }],
  'packs.sample': [
    { ...SAMPLE, out: '' },
    { ...SAMPLE, steps: 0 },
    { ...SAMPLE, guidance: -1 },
    { ...SAMPLE, spacing: 'even' },
    { ...SAMPLE, width: 5000 },
    { ...SAMPLE, loras: [{ path: '/l', scale: 11 }] },
  ],
  'weights.export': [
    { tokenSet: 'x', as: 'lora', out: '/x' },
    { tokenSet: ID, as: 'checkpoint', out: '/x' },
    { tokenSet: ID, as: 'lora', out: '/x', rank: 0 },
  ],
  'devices.list': [{ x: 1 }],
  'pictures.page': [
    { limit: 0 },
    { limit: 1001 },
    { offset: -1 },
    { filter: { role: 'bad' } },
    { filter: { x: 1 } },
    { product: 'a/b' },
  ],
  'pictures.get': [{}, { id: 'x' }],
  'media.locate': [
    { kind: 'blob', id: ID },
    { kind: 'picture', id: '../x' },
    { kind: 'picture', id: ID, size: 300 },
    { kind: 'picture', id: ID, low: 5 },
    { kind: 'picture', id: ID, low: 5, high: 5 },
  ],
  'jobs.start': [
    {},
    { method: 'workspace.info', input: {} },
    { method: 'datasets.import', input: {} },
    { method: 'training.train', input: { ...TRAIN, shots: 9 } },
    { method: 'training.train', input: TRAIN, x: 1 },
  ],
  'jobs.stop': [{}, { id: 'x' }],
  'jobs.watch': [{ x: 1 }],
  'jobs.follow': [{}, { id: 'x' }],
  'uiState.all': [{ x: 1 }],
  'uiState.put': [
    { key: 'a' },
    { key: '__proto__', value: 1 },
    { key: 'a b', value: 1 },
    { key: 'a', value: 'x'.repeat(100_001) },
  ],
  'demo.run': [
    { shots: 3, seed: 0 },
    { shots: 0, seed: 0, out: '/x' },
    { shots: 3, seed: 0.5, out: '/x' },
  ],
};

/** Dotted names of all methods; a method is what oRPC marks as one. */
function methodsOf(router: object, prefix = ''): string[] {
  return Object.entries(router).flatMap(([name, entry]) =>
    '~orpc' in entry ? [`${prefix}${name}`] : methodsOf(entry, `${prefix}${name}.`),
  );
}
const methods = methodsOf(contract);

test('every method has malformed examples', () =>
  assert.deepEqual(Object.keys(MALFORMED).sort(), methods.sort()));

for (const method of methods) {
  describe(method, () => {
    for (const input of MALFORMED[method] ?? []) {
      test(`refuses ${JSON.stringify(input)?.slice(0, 100)}`, async (t) => {
        const folder = join(tempFolder(t), 'parts');
        const { client } = connect(t, folder);
        const call = method
          .split('.')
          .reduce((at, name) => (at as Record<string, unknown>)[name], client as unknown) as (
          input: unknown,
        ) => Promise<unknown>;
        await assert.rejects(call(input), (e: unknown) => {
          assert.ok(e instanceof AppError, `${e}`);
          assert.equal(e.code, 'usage');
          assert.match(e.message, /the request is not valid: ./);
          return true;
        });
        assert.equal(isWorkspace(folder), false, 'nothing was made');
      });
    }
  });
}

test('a method that does not exist is refused', async (t) => {
  const { client } = connect(t, tempFolder(t));
  const other = client as unknown as { files: { read(input: unknown): Promise<unknown> } };
  await assert.rejects(
    other.files.read({ path: '/etc/passwd' }),
    (e: unknown) => e instanceof AppError && e.code === 'usage',
  );
});
