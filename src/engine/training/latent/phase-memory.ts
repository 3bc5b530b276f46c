// Predicted memory of one phase of a training on latents.

import type { StepProgram } from '../../../core/autodiff/step-program.ts';
import type { Program } from '../../../core/graph/graph.ts';
import { type StepPlan, stepBytes } from '../../../core/memory/plan.ts';
import { programMemory } from '../../../core/memory/predict.ts';
import type { LoweringChoice } from '../../../core/onnx/emit.ts';
import { sizeOf } from '../../../core/tensor/shape.ts';

/** Measured: a training process before its first step, pictures in memory included. */
export const SURROUNDINGS = 400 * 2 ** 20;

/** Numbers of equal micro-batches: two first (they run side by side), then more, then one. */
export const PARTS_OF = (rows: number): number[] => [
  ...Array.from({ length: rows }, (_, i) => i + 1).filter((n) => n > 1 && rows % n === 0),
  1,
];

/** Bytes of a step, with the weights as the file has them once more. */
export function latentPhaseBytes(
  program: Program,
  step: StepProgram,
  plan: StepPlan,
  choice: LoweringChoice,
): number {
  const trained = parameterBytes(step.parameters);
  return trained + stepBytes(programMemory(program, choice), plan, trained);
}

export const parameterBytes = (parameters: StepProgram['parameters']): number =>
  [...parameters.values()].reduce((n, { shape }) => n + 4 * sizeOf(shape), 0);

/** Weights and two moments in each of two checkpoints, three for a moment while the next is written. */
export const checkpointsBytes = (trained: number): number => 3 * 3 * trained;
