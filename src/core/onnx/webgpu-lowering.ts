// Which lowering each op takes on ONNX Runtime's WebGPU provider: those with kernels for every node
// (docs/decisions/0012 has what was measured).

import type { Program } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { topologicalOrder } from '../graph/value.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { LoweringChoice } from './emit.ts';

/** A storage buffer binding that every adapter met so far has; beyond it kernels bind a tensor in segments. */
export const BINDING_BYTES = 128 * 2 ** 20;

/** Bytes of the unfolded input of a convolution's weight gradient. */
function columnBytes(node: Value): number {
  const [n, c] = node.inputs[0].shape;
  const [, , ho, wo] = node.inputs[1].shape;
  return 4 * n * c * node.shape[2] * node.shape[3] * ho * wo;
}

/** First name that the op offers wins; ops that are not here take their first lowering. */
const PREFERRED: Readonly<Record<string, (node: Value) => readonly string[]>> = {
  // Its 1x1 convolution forgets the padding, also where the zeros were added before.
  conv2d: (node) => ((node.attrs.pads as readonly number[]).some((p) => p > 0) ? ['matmul-1x1'] : []),
  matmul: () => ['transpose'],
  convWeightGrad: (node) =>
    columnBytes(node) <= BINDING_BYTES ? ['im2col-nhwc', 'shifted-plain'] : ['shifted-plain'],
  groupNorm: () => ['centred-layer-norm'],
  groupNormalized: () => ['centred-layer-norm'],
  groupRstd: () => ['centred-layer-norm'],
  scaleShift: () => ['mul-add'],
  normalizeRows: () => ['centred-layer-norm'],
  rowRstd: () => ['centred-layer-norm'],
  sign: () => ['compare'],
};

export const WEBGPU_LOWERING: LoweringChoice & { readonly name: string } = {
  name: 'webgpu-2',
  choose(node, candidates) {
    const wanted = PREFERRED[node.op]?.(node) ?? [];
    return wanted.find((name) => candidates.includes(name)) ?? candidates[0];
  },
};

/** What kernels that give wrong numbers, without an error, past the first segment of a tensor work on. */
const WRONG_IN_SEGMENTS: Readonly<Record<string, (node: Value) => Value>> = {
  attend: (node) => node.inputs[0],
  softmax: (node) => node,
  where: (node) => node,
};

/** The first value that such a kernel would compute wrongly; null where there is none. */
export function tooLargeForWebgpu(program: Program): Value | null {
  const values = topologicalOrder(Object.values(program.outputs));
  const isTooLarge = (v: Value | undefined) => v !== undefined && 4 * sizeOf(v.shape) > BINDING_BYTES;
  return values.find((v) => isTooLarge(WRONG_IN_SEGMENTS[v.op]?.(v))) ?? null;
}
