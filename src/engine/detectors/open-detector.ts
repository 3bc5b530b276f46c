// Opens a trained detector from its two files.

import type { Program } from '../../core/graph/graph.ts';
import { inputName, topologicalOrder } from '../../core/graph/value.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { Detector, DetectorFiles } from './detector.ts';
import type { ScoringMethod } from './method.ts';
import { methodOf } from './methods/index.ts';
import { NetworkDetector } from './network-detector.ts';
import { checkedSettings } from './settings.ts';
import { readDetectorWeights } from './weights.ts';

/** The detector's own inputs of its scoring program, with their lengths. */
export function ownInputs(program: Program, { frozen }: Pick<ScoringMethod, 'frozen'>): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const node of topologicalOrder(Object.values(program.outputs))) {
    if (node.op !== 'input' || inputName(node) === 'image' || frozen[inputName(node)]) continue;
    lengths.set(inputName(node), sizeOf(node.shape));
  }
  return lengths;
}

/** `packPath`: the pack the detector was trained with, for the kinds that need one. */
export async function openDetector(
  { weights, spec }: DetectorFiles,
  compile: CompileOptions,
  packPath?: string,
): Promise<Detector> {
  const method = methodOf(spec.kind, checkedSettings(spec.kind, spec.settings), packPath);
  const read = readDetectorWeights(weights, ownInputs(method.scoring(1), method));
  return NetworkDetector.create(spec, method, read, compile);
}
