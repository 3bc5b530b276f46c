// Starting weights, PyTorch's defaults: uniform +-1/sqrt(fan in) for convolutions and linear layers,
// ones and zeros for norms, a narrow normal for embeddings; chosen layers start at zero.

import type { Rng } from '../base/rng.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { sharedFloats } from '../tensor/shared.ts';
import type { ParameterTable } from './scope.ts';

const EMBEDDING_DEVIATION = 0.02;

function fanIn(shape: Shape): number {
  return sizeOf(shape.slice(1));
}

/** `rng(name)` gives the stream of one parameter, so the order of parameters does not matter. */
export function initialWeights(
  table: ParameterTable,
  rng: (name: string) => Rng,
  startsAtZero: (name: string) => boolean = () => false,
): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  for (const [name, { shape }] of table) {
    const data = sharedFloats(sizeOf(shape));
    const weightShape = table.get(name.replace(/bias$/, 'weight'))?.shape;
    weights[name] = data;
    if (startsAtZero(name)) continue;
    if (name.endsWith('_embedding.weight')) {
      rng(name).fillNormal(data);
      for (let i = 0; i < data.length; i++) data[i] *= EMBEDDING_DEVIATION;
    } else if (shape.length === 1 && name.endsWith('weight')) data.fill(1);
    else if (weightShape && weightShape.length > 1) {
      const bound = 1 / Math.sqrt(fanIn(weightShape));
      const r = rng(name);
      for (let i = 0; i < data.length; i++) data[i] = r.uniformIn(-bound, bound);
    }
  }
  return weights;
}
