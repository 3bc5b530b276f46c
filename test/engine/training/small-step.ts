// A training step with one of each: convolution, group norm, attention to embedded words, strides, doubling.

import { namedRng } from '../../../src/core/base/rng.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import { initialWeights } from '../../../src/core/nets/init.ts';
import { attention, conv, groupNorm, linear } from '../../../src/core/nets/layers.ts';
import { Scope } from '../../../src/core/nets/scope.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';

export const TABLE = 'words';
// Multiples of 4 throughout: a software GPU compiles each other kind of convolution for seconds.
const [BATCH, COLOURS, CHANNELS, SIDE, WORDS, LENGTH] = [2, 4, 8, 8, 12, 4];

/** Predicts noise [2,4,8,8] from a picture and words. */
export function smallStep() {
  const s = new Scope(new Builder());
  const { b } = s;
  const x = b.input('x', [BATCH, COLOURS, SIDE, SIDE]);
  const words = b.gather(s.param(TABLE, [WORDS, CHANNELS]), b.input('ids', [BATCH, LENGTH], 'int32'));
  const first = conv(s.at('first'), x, CHANNELS, 3, { pads: 1 });
  const active = b.silu(groupNorm(s.at('norm'), first, 2, 1e-5));
  const small = conv(s.at('down'), active, CHANNELS, 3, { pads: 1, stride: 2 });
  const places = b.transpose(b.reshape(small, [BATCH, CHANNELS, -1]), [0, 2, 1]);
  const seen = attention(
    s,
    linear(s.at('q'), places, CHANNELS),
    linear(s.at('k'), words, CHANNELS, { bias: false }),
    linear(s.at('v'), words, CHANNELS),
  );
  const back = b.reshape(b.transpose(b.add(places, seen), [0, 2, 1]), small.shape);
  const out = conv(s.at('last'), b.upsampleNearest2x(b.gelu(back)), COLOURS, 3, { pads: 1 });
  const error = b.sub(out, b.input('target', out.shape));
  const loss = b.mean(b.square(error), 'all');
  return { b, loss, terms: { worst: b.max(b.abs(error), 'all') }, parameters: s.table };
}

export type SmallStep = ReturnType<typeof smallStep>;

export const smallWeights = ({ parameters }: SmallStep) =>
  initialWeights(parameters, (name) => namedRng(1, name));

export function smallBatch(step: number) {
  const rng = namedRng(step, 'batch');
  const shape = [BATCH, COLOURS, SIDE, SIDE];
  return {
    x: rng.fillNormal(new Float32Array(sizeOf(shape))),
    target: rng.fillNormal(new Float32Array(sizeOf(shape))),
    ids: Int32Array.from({ length: BATCH * LENGTH }, () => rng.int(WORDS)),
  };
}
