// Reads a folder without storing anything: for every product in it, what an import would do.

import { useEffect, useState } from 'react';
import type { FlawsmithClient } from '../../../contract/contract.ts';
import type { StepEvent } from '../../../contract/events.ts';
import { AppError } from '../../../core/base/errors.ts';
import { useEngine } from '../../api/index.ts';

export type Problem = Extract<StepEvent, { event: 'problem' }>;
type ImportEvent =
  Awaited<ReturnType<FlawsmithClient['datasets']['import']>> extends AsyncIterable<infer E> ? E : never;
export type Report = Extract<ImportEvent, { event: 'result' }>;

export interface DryRun {
  /** One per product asked for; empty while the folder is read. */
  reports: readonly Report[];
  problems: readonly Problem[];
  error: unknown;
  progress: { done: number; total: number };
  /** Products of a folder that holds several; null where it holds one. */
  choices: readonly string[] | null;
}

interface Asked {
  /** Names to read one by one; null: the one that is there. */
  products: readonly string[] | null;
  groupBy?: string;
}

const NOTHING = { reports: [], problems: [], error: null };
/** Typing goes on for a moment before the folder is read again. */
const PAUSE_MS = 500;

export function useDryRun(source: string, { products, groupBy }: Asked): DryRun {
  const engine = useEngine();
  const [state, setState] = useState<Pick<DryRun, 'reports' | 'problems' | 'error'>>(NOTHING);
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const [choices, setChoices] = useState<readonly string[] | null>(null);
  const names = JSON.stringify(products);
  useEffect(() => {
    const stop = new AbortController();
    const wanted = JSON.parse(names) as (string | undefined)[] | null;
    const read = async (): Promise<void> => {
      const reports: Report[] = [];
      const problems: Problem[] = [];
      setState(NOTHING);
      try {
        for (const product of wanted ?? [undefined]) {
          const input = { source, layout: 'auto' as const, dryRun: true, skipBad: true, product, groupBy };
          for await (const event of await engine.datasets.import(input, { signal: stop.signal })) {
            if (event.event === 'progress') setProgress(event);
            else if (event.event === 'problem') problems.push(event);
            else if (event.event === 'result') reports.push(event);
          }
        }
        if (!stop.signal.aborted) setState({ reports, problems, error: null });
      } catch (error) {
        if (stop.signal.aborted) return;
        const found = error instanceof AppError ? error.details.choices : undefined;
        if (found !== undefined && wanted === null) setChoices(found);
        else setState({ reports: [], problems, error });
      }
    };
    if (wanted?.length === 0) {
      setState(NOTHING);
      return;
    }
    const timer = setTimeout(read, wanted !== null || groupBy ? PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [engine, source, names, groupBy]);
  return { ...state, progress, choices };
}
