// A small network with what makes recomputation hard: skip connections, a value used by every block, two losses.

import type { Builder } from '../../../src/core/graph/builder.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { valuesFor } from '../graph/op-cases.ts';

export interface SkipNetwork {
  readonly loss: Value;
  readonly parameters: readonly Value[];
  readonly boundaries: readonly Value[];
  /** Activations inside segments, which must not be kept. */
  readonly interior: readonly Value[];
  readonly feeds: Readonly<Record<string, Float32Array>>;
}

/** Three conv blocks on x [2,channels,size,size], the last one fed the first one's output too. */
export function skipNetwork(b: Builder, channels = 3, size = 4): SkipNetwork {
  const shape = [2, channels, size, size];
  const x = b.input('x', shape);
  const time = b.input('time', [2, channels]);
  const parameters: Value[] = [];
  const interior: Value[] = [];
  const weight = (name: string, s: number[]) => {
    const w = b.input(name, s);
    parameters.push(w);
    return w;
  };
  // Belongs to the first segment, used in all: kept without being named.
  const embedded = b.reshape(b.tanh(b.matmul(time, weight('wt', [channels, channels]))), [2, channels, 1, 1]);
  const block = (name: string, h: Value) => {
    const rows = b.reshape(h, [2, -1]);
    const normed = b.reshape(b.normalizeRows(rows, 1e-5), h.shape);
    const active = b.silu(normed);
    const w = weight(name, [channels, h.shape[1], 3, 3]);
    const inner = b.add(b.conv2d(active, w, null, { pads: 1 }), embedded);
    const square = b.sigmoid(inner);
    interior.push(normed, active, inner, square);
    return b.conv2d(square, weight(`${name}.out`, [channels, channels, 1, 1]), null);
  };
  const h1 = block('w1', x);
  const h2 = block('w2', h1);
  const h3 = block('w3', b.concat([h2, h1], 1));
  const head = b.conv2d(h3, weight('wh', [1, channels, 1, 1]), null);
  const side = b.mean(b.abs(h1), 'all');
  const loss = b.add(b.mean(b.square(head), 'all'), b.mul(side, 0.1));
  const feeds: Record<string, Float32Array> = {};
  for (const [i, v] of [x, time, ...parameters].entries()) {
    const name = String(v.attrs.name);
    feeds[name] = valuesFor({ shape: v.shape, range: [-1, 1] }, i) as Float32Array;
  }
  return { loss, parameters, boundaries: [h1, h2, h3], interior, feeds };
}
