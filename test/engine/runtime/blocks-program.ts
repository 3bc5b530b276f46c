// A deep network of convolution blocks whose activations are most of its memory.

import { differentiated } from '../../../src/core/autodiff/step-program.ts';
import { Builder } from '../../../src/core/graph/builder.ts';
import type { Program } from '../../../src/core/graph/graph.ts';
import type { Value } from '../../../src/core/graph/value.ts';

const BLOCKS = 12;
const SHAPE = [4, 32, 64, 64];

export function blocksProgram(recompute: boolean): Program {
  const b = new Builder();
  const parameters = new Map<string, Value>();
  const boundaries: Value[] = [];
  let h = b.input('x', SHAPE);
  for (let i = 0; i < BLOCKS; i++) {
    const weights = [0, 1].map((k) => {
      const w = b.input(`w${i}.${k}`, [SHAPE[1], SHAPE[1], 3, 3]);
      parameters.set(`w${i}.${k}`, w);
      return w;
    });
    let inner = h;
    for (const w of weights) inner = b.conv2d(b.silu(inner), w, null, { pads: 1 });
    h = b.add(h, inner);
    boundaries.push(h);
  }
  const loss = b.mean(b.square(h), 'all');
  return differentiated({ b, loss, terms: {}, parameters, boundaries }, { recompute, attentionBytes: null });
}
