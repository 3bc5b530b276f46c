// The plan of the product on screen, remembered in the workspace.

import { useStored } from '../../api/index.ts';
import { FIRST_PLAN, type Plan } from './plan.ts';

export type Change = (change: Partial<Plan>) => void;

/** At first so many of the first type: the button says what will happen. */
const FIRST_COUNT = 20;

export function usePlan(product: string, firstType: string): [Plan, Change] {
  const [plans, store] = useStored<Record<string, Plan>>('generate.plans', {});
  const first: Plan = { ...FIRST_PLAN, counts: { [firstType]: FIRST_COUNT } };
  const plan: Plan = { ...first, ...plans[product] };
  return [plan, (change) => store({ ...plans, [product]: { ...plan, ...change } })];
}
