// Scratch memory that ONNX Runtime's CPU kernels take beside their results.

import { sizeOf } from '../tensor/shape.ts';
import { bytesOf, type TensorFacts } from './onnx-shapes.ts';

const FLOAT_BYTES = 4;

/** Bytes a node takes while it runs. */
export function workspaceBytes(
  opType: string,
  inputs: readonly (TensorFacts | null)[],
  output: TensorFacts,
): number {
  if (opType === 'QuickGelu') return bytesOf(output);
  const [x, w] = inputs;
  if (!x || !w) return 0;
  if (opType === 'Conv') {
    const [filters, perFilter] = [w.shape[0], sizeOf(w.shape.slice(1))];
    const positions = sizeOf(output.shape.slice(2));
    // With fewer positions than filters the picture is unfolded whole, else in pieces of some hundred kilobytes.
    return filters > positions ? FLOAT_BYTES * positions * perFilter : 0;
  }
  if (opType === 'ConvTranspose') return FLOAT_BYTES * sizeOf(w.shape.slice(1)) * sizeOf(x.shape.slice(2));
  return 0;
}
