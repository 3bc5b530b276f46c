// Long work that the engine keeps going: starting it, stopping it, and what the window knows of it.

import { useEffect, useState } from 'react';
import type { FlawsmithClient } from '../../contract/contract.ts';
import type { StepEvent } from '../../contract/events.ts';
import type { JobInfo, JobRequest } from '../../contract/methods/jobs.ts';
import { useConnection, useHostState } from './context.ts';
import { useStore } from './store.ts';

export type { JobInfo, JobRequest };

/** The job's id; throws what is wrong with the request. */
export async function startJob(engine: FlawsmithClient, request: JobRequest): Promise<string> {
  const { id } = await engine.jobs.start(request);
  return id;
}

/** All jobs of this engine's life, newest first. */
export function useJobs(): readonly JobInfo[] {
  return useStore(useConnection().jobs);
}

export function useJob(id: string | null): JobInfo | null {
  return useJobs().find((job) => job.id === id) ?? null;
}

export function isRunning(job: JobInfo): boolean {
  return job.state === 'running' || job.state === 'stopping';
}

/** What a job has said so far, growing while it works. */
export function useJobEvents(id: string | null): readonly StepEvent[] {
  const { engine } = useConnection();
  const generation = useHostState()?.generation;
  const [events, setEvents] = useState<readonly StepEvent[]>([]);
  useEffect(() => {
    setEvents([]);
    if (id === null || generation === undefined) return;
    const stop = new AbortController();
    void follow(engine, id, stop.signal, (more) => setEvents((now) => [...now, ...more]));
    return () => stop.abort();
  }, [engine, id, generation]);
  return events;
}

/** Hands events on in handfuls, so that a chatty job does not redraw the window for each. */
async function follow(
  engine: FlawsmithClient,
  id: string,
  signal: AbortSignal,
  hear: (events: StepEvent[]) => void,
): Promise<void> {
  let waiting: StepEvent[] = [];
  const flush = (): void => {
    if (waiting.length > 0 && !signal.aborted) hear(waiting);
    waiting = [];
  };
  const timer = setInterval(flush, 100);
  try {
    for await (const event of await engine.jobs.follow({ id }, { signal })) waiting.push(event);
  } catch {
    // Left, or the engine is gone: what was heard stays.
  } finally {
    clearInterval(timer);
    flush();
  }
}
