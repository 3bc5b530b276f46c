// A training step where the run computes: on the CPU, or on the graphics card.

import type { AdamW, AdamWOptions } from '../../core/autodiff/adamw.ts';
import type { StepPlan } from '../../core/memory/plan.ts';
import type { CompileOptions, TensorData } from '../runtime/executable.ts';
import { GpuTrainStep } from './gpu-train-step.ts';
import { type StepProgram, type StepResult, TrainStep } from './train-step.ts';

type Batch = Readonly<Record<string, TensorData>>;

export interface Step {
  /** State on the host: where training starts (a restored checkpoint included), and what `download` brings. */
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly optimizer: AdamW;
  /** Inputs that are the same in every step (frozen weights): steps need not give them. */
  hold(feeds: Batch): Promise<void>;
  /** One update; several batches count as one, the mean of their gradients. */
  step(batch: Batch | readonly Batch[], rates: (name: string) => number): Promise<StepResult>;
  /** Makes the state on the host current. */
  download(): Promise<void>;
  release(): Promise<void>;
}

export interface StepOptions extends AdamWOptions {
  readonly compile: CompileOptions;
  /** How many batches a step usually has, how many of them run side by side, and what is traded for memory. */
  readonly plan?: StepPlan;
  /** Parameters of one group share a learning rate in every step. Default: all do. */
  readonly rateGroup?: (name: string) => string;
}

export function createStep(
  program: StepProgram,
  weights: Record<string, Float32Array>,
  options: StepOptions,
): Promise<Step> {
  const { compile, plan, rateGroup, ...adamw } = options;
  if (compile.gpu) return GpuTrainStep.create(compile.gpu, program, weights, { ...adamw, rateGroup });
  return TrainStep.create(program, weights, { ...adamw, compile, ...plan });
}
