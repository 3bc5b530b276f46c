// What the engine predicts for this job, and what it would warn of; the last answer stays while a new one is made.

import { useRef } from 'react';
import type { FlawsmithClient } from '../../../contract/contract.ts';
import { type Query, useQuery } from '../../api/index.ts';
import { type Choice, jobOf } from './choice.ts';

export type Prediction = Awaited<ReturnType<FlawsmithClient['training']['predict']>>;
export type Preflight = Awaited<ReturnType<FlawsmithClient['training']['preflight']>>;

/** `isFresh`: the answer is to the present question. */
export type Lasting<T> = Query<T> & { isFresh: boolean };

export function usePrediction(choice: Choice, product: string): Lasting<Prediction> {
  const job = jobOf(choice, product);
  return useLasting(
    useQuery(['training', 'predict', product, JSON.stringify(job)], ({ engine, signal }) =>
      engine.training.predict(job, { signal }),
    ),
  );
}

export function usePreflight(choice: Choice, product: string): Lasting<Preflight> {
  const job = { ...jobOf(choice, product), preset: choice.preset };
  return useLasting(
    useQuery(['training', 'preflight', product, JSON.stringify(job)], ({ engine, signal }) =>
      engine.training.preflight(job, { signal }),
    ),
  );
}

function useLasting<T>(query: Query<T>): Lasting<T> {
  const last = useRef<T | undefined>(undefined);
  if (query.data !== undefined) last.current = query.data;
  const isFresh = query.data !== undefined && !query.loading;
  if (query.error !== null) return { ...query, isFresh };
  return { ...query, data: query.data ?? last.current, isFresh };
}
