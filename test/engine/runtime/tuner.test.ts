// The tuner on a real convolution and its gradients: every candidate agrees, and the choice is one of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differentiated } from '../../../src/core/autodiff/step-program.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { candidatesOf } from '../../../src/core/onnx/emit.ts';
import { nodesWithChoice } from '../../../src/core/onnx/lowering-key.ts';
import { loweringProfile } from '../../../src/engine/runtime/lowering-profile.ts';
import { tune } from '../../../src/engine/runtime/tuner.ts';

const OPS = new Set(['convInputGrad', 'convWeightGrad']);

function program() {
  const b = new Builder();
  const x = b.input('x', [2, 24, 16, 16]);
  const [v, w] = [b.input('v', [24, 24, 3, 3]), b.input('w', [24, 24, 3, 3])];
  const y = b.conv2d(b.conv2d(x, v, null, { pads: 1 }), w, null, { pads: 1 });
  const loss = b.mean(b.square(y), 'all');
  return differentiated({
    b,
    loss,
    terms: {},
    parameters: new Map([
      ['v', v],
      ['w', w],
    ]),
  });
}

test('equal shapes are measured once, candidates agree, and a table is used by its keys', async () => {
  const nodes = nodesWithChoice([program(), program()], OPS);
  assert.equal(nodes.size, 2);
  const progress: string[] = [];
  const signal = new AbortController().signal;
  const tuned = await tune([program()], signal, (done, total) => progress.push(`${done}/${total}`));
  assert.deepEqual(tuned.disagreements, []);
  assert.deepEqual(progress, ['0/2', '1/2', '2/2']);
  for (const [key, name] of Object.entries(tuned.choices)) {
    const node = nodes.get(key);
    assert.ok(node && candidatesOf(node).some((c) => c.name === name), key);
  }
  const [[key, node]] = nodes;
  const names = candidatesOf(node).map((c) => c.name);
  const profile = loweringProfile({ [key]: names[1] });
  assert.equal(profile.choose(node, names), names[1]);
  assert.equal(loweringProfile({}).choose(node, names), names[0]);
  assert.equal(loweringProfile({ [key]: 'gone' }).choose(node, names), names[0]);
  assert.notEqual(profile.name, loweringProfile({}).name);
});

test('a stopped measurement ends with the reason of the stop', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await assert.rejects(tune([program()], stop.signal), /enough/);
});
