// What the finished cells of a proof say: intervals, comparisons, conclusion.

import {
  type ArmSummary,
  type Comparison,
  type Conclusion,
  PROOF_ARMS,
  type ProofArm,
} from '../../core/domain/proof.ts';
import { resample, summaryOf, type TestedCell } from '../../core/prove/bootstrap.ts';
import { comparisonsOf, conclude, verdictSentence } from '../../core/prove/verdict.ts';

export interface ProofFindings {
  readonly arms: Partial<Record<ProofArm, ArmSummary>>;
  readonly comparisons: readonly Comparison[];
  readonly conclusion: Conclusion;
  readonly verdict: string;
}

/** Replicates of the finished result, and of what is shown while it runs. */
export const FINAL_REPLICATES = 1000;
export const LIVE_REPLICATES = 100;

export function findingsOf(cells: readonly TestedCell[], replicates: number): ProofFindings {
  const resampled = resample(cells, { replicates, seed: 0 });
  const arms = PROOF_ARMS.filter((arm) => cells.some((cell) => cell.arm === arm));
  const comparisons = comparisonsOf(arms, cells, resampled);
  const conclusion = conclude(comparisons);
  return {
    arms: Object.fromEntries(arms.map((arm) => [arm, summaryOf(arm, cells, resampled)])),
    comparisons,
    conclusion,
    verdict: verdictSentence(conclusion),
  };
}
