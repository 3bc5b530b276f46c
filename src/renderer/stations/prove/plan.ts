// What the user has chosen to prove, remembered per product.

import { DEFAULT_ARMS, PROOF_ARMS, type ProofArm, type ProofPreset } from '../../../core/domain/proof.ts';
import { type JobRequest, useStored } from '../../api/index.ts';

export type ProofInput = Exclude<Extract<JobRequest, { method: 'prove.run' }>['input'], { resume: string }>;

export type Plan = {
  shots: number;
  preset: ProofPreset;
  /** Without `real`, which every proof needs; null: the usual ones, and the accepted where there are some. */
  arms: ProofArm[] | null;
  seeds: number;
  leaveOutLeaks: boolean;
};

export type Change = (change: Partial<Plan>) => void;

const FIRST: Plan = { shots: 3, preset: 'quick', arms: null, seeds: 3, leaveOutLeaks: false };

export function usePlan(product: string): [Plan, Change] {
  const [plans, store] = useStored<Record<string, Plan>>('prove.plans', {});
  const plan = { ...FIRST, ...plans[product] };
  return [plan, (change) => store({ ...plans, [product]: { ...plan, ...change } })];
}

/** In the order of the report; the accepted only where some can be used. */
export function armsOf(plan: Plan, accepted: number): ProofArm[] {
  const usual: readonly ProofArm[] = plan.arms ?? [...DEFAULT_ARMS, 'real+accepted'];
  return PROOF_ARMS.filter(
    (arm) => arm === 'real' || (usual.includes(arm) && (arm !== 'real+accepted' || accepted > 0)),
  );
}

export function inputOf(plan: Plan, product: string, accepted: number): ProofInput {
  const { shots, preset, seeds, leaveOutLeaks } = plan;
  return { product, shots, preset, seeds, leaveOutLeaks, arms: armsOf(plan, accepted) };
}
