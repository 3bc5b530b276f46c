// What one kind of detector brings to the common training and scoring.

import type { Program } from '../../core/graph/graph.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import type { TensorData } from '../runtime/executable.ts';
import type { StepProgram } from '../training/train-step.ts';
import type { ImageScoreRule } from './spec.ts';

export interface MethodStep extends StepProgram {
  /** Every weight of the network by its name, running statistics included. */
  readonly table: ParameterTable;
}

/** How a kind of detector scores windows. */
export interface ScoringMethod {
  /** Input `image` [rows,3,S,S] in 0..1, and weights by their names; output `map` [rows,S,S]. */
  scoring(rows: number): Program;
  /** Weights that are not the detector's own, by input name. */
  readonly frozen: Readonly<Record<string, Float32Array>>;
  readonly imageScore: ImageScoreRule;
}

/** A kind of detector that is trained by gradient, with its settings filled in. */
export interface DetectorMethod extends ScoringMethod {
  /** The loss of `rows` windows. */
  step(rows: number): MethodStep;
  /** Feeds of the step's inputs beside the weights, for update number `update`. */
  feeds(windows: readonly DetectorWindow[], update: number): Record<string, TensorData>;
  /** Learning rate of a weight in update number `update`. */
  rate(name: string, update: number): number;
}
