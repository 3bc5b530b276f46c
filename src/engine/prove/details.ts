// A proof as it is shown and reported.

import type { Conclusion, MetricValues, ProofArm, ProofPreset } from '../../core/domain/proof.ts';
import type { RunStateName } from '../../core/domain/run.ts';
import type { ProofSplit } from '../../core/prove/split.ts';
import type { ProofExample } from './examples.ts';
import type { ProofFindings } from './findings.ts';
import type { PictureQuality } from './quality.ts';

/** The split in numbers, as it is stored and shown. */
export function splitSummary({ types, trainingNormals, tests, leftOut, partsKnown }: ProofSplit) {
  const testDefects = tests.filter((test) => test.isDefect).length;
  return {
    types: types.map((type) => ({ ...type })),
    trainingNormals: trainingNormals.length,
    testNormals: tests.length - testDefects,
    testDefects,
    leftOut: leftOut.length,
    partsKnown,
  };
}

export type SplitSummary = ReturnType<typeof splitSummary>;

export interface ProofRow {
  id: string;
  product: string;
  state: RunStateName;
  createdAt: number;
  updatedAt: number;
  params: {
    shots: number;
    shotSeed: number;
    seeds: number;
    seed: number;
    preset: ProofPreset;
    arms: ProofArm[];
  };
  cellsDone: number;
  cells: number;
  conclusion: Conclusion | null;
  verdict: string | null;
  error: string | null;
}

export interface ProofDetails extends ProofRow {
  split: SplitSummary;
  arms: ProofFindings['arms'];
  comparisons: ProofFindings['comparisons'][number][];
  results: { arm: ProofArm; seed: number; values: MetricValues; seconds: number }[];
  quality: PictureQuality[];
  helped: ProofExample[];
  hurt: ProofExample[];
}
