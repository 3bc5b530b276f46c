// What a proof would test on, and what speaks against it.

import { type Query, useQuery } from '../../api/index.ts';
import type { Plan } from './plan.ts';

export function useCheck(product: string, { shots }: Plan) {
  return useQuery(['prove', 'check', product, shots], ({ engine, signal }) =>
    engine.prove.check({ product, shots }, { signal }),
  );
}

export type Check = NonNullable<ReturnType<typeof useCheck>['data']>;
export type CheckQuery = Query<Check>;

export type Refusal = 'leak' | 'few' | 'no-test' | 'no-normals' | 'other';

/** Why it cannot be started as it is planned; null where it can. */
export function refusalOf({ refusal, leaks, split }: Check, plan: Plan): Refusal | null {
  if (refusal === null) return null;
  if (leaks.length > 0) return plan.leaveOutLeaks ? null : 'leak';
  if (split.types.every((type) => type.shots === 0)) return 'few';
  if (split.testDefects === 0) return 'no-test';
  return split.trainingNormals === 0 ? 'no-normals' : 'other';
}
