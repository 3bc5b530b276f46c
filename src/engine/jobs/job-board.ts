// Long work that outlives its caller: begun once, kept going, watched by any number of windows. The truth of a run is
// in the store; this is only what this process knows about what it is doing.

import { fromWireError, isAbortError, toPlainError } from '../../contract/errors.ts';
import type { StepEvent } from '../../contract/events.ts';
import type { JobInfo, JobRequest } from '../../contract/methods/jobs.ts';
import { AppError } from '../../core/base/errors.ts';
import type { Clock } from '../ids.ts';
import { Signals } from './signals.ts';

/** What a long method yields. */
export type JobEvent = StepEvent | ({ event: 'result' } & Record<string, unknown>);
/** Begins a long method of the contract. */
export type JobStarter = (request: JobRequest, signal: AbortSignal) => Promise<AsyncIterable<JobEvent>>;

/** Ended jobs beyond this many are forgotten, oldest first. */
const MOST_ENDED = 50;
/** Events that are kept of one job, newest; the store has what matters. */
const MOST_EVENTS = 5000;

interface Job {
  info: JobInfo;
  events: StepEvent[];
  /** How many events were dropped from the front. */
  dropped: number;
  stop: AbortController;
  news: Signals;
}

export class JobBoard {
  readonly #clock: Clock;
  readonly #jobs = new Map<string, Job>();
  readonly #changes = new Signals();
  /** Jobs that changed, in the order of their last change, with the number of that change. */
  readonly #changed = new Map<string, number>();
  #change = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a job; throws what the method throws before its first event. */
  start(request: JobRequest, begin: JobStarter): string {
    const id = this.#clock.newId();
    const job: Job = {
      info: {
        id,
        method: request.method,
        input: JSON.parse(JSON.stringify(request.input)),
        state: 'running',
        startedAt: this.#clock.now(),
        endedAt: null,
        progress: null,
        runId: null,
        result: null,
        error: null,
      },
      events: [],
      dropped: 0,
      stop: new AbortController(),
      news: new Signals(),
    };
    this.#jobs.set(id, job);
    this.#touch(job);
    void this.#run(job, request, begin);
    return id;
  }

  /** False where it has ended already. */
  stop(id: string): boolean {
    const job = this.#find(id);
    if (job.info.state !== 'running') return false;
    job.info = { ...job.info, state: 'stopping' };
    this.#touch(job);
    job.stop.abort();
    return true;
  }

  /** Newest first. */
  list(): JobInfo[] {
    return [...this.#jobs.values()].map((job) => job.info).reverse();
  }

  /** All jobs, then those that changed since; ends with the signal. */
  async *watch(signal: AbortSignal): AsyncGenerator<{ jobs: JobInfo[]; complete: boolean }, void> {
    let seen = this.#change;
    yield { jobs: this.list(), complete: true };
    while (!signal.aborted) {
      if (this.#change === seen) {
        await this.#changes.next(signal);
        continue;
      }
      const jobs = [...this.#changed].filter(([, at]) => at > seen).map(([id]) => this.#jobs.get(id)!.info);
      seen = this.#change;
      yield { jobs, complete: false };
    }
  }

  /** What a job said and says; ends with it. */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<StepEvent, void> {
    const job = this.#find(id);
    for (let at = 0; !signal.aborted; ) {
      at = Math.max(at, job.dropped);
      const event = job.events[at - job.dropped];
      if (event !== undefined) {
        at++;
        yield event;
      } else if (job.info.endedAt !== null) return;
      else await job.news.next(signal);
    }
  }

  async #run(job: Job, request: JobRequest, begin: JobStarter): Promise<void> {
    try {
      for await (const event of await begin(request, job.stop.signal)) this.#hear(job, event);
      this.#end(job, { state: 'done' });
    } catch (error) {
      // Methods throw as they would to a caller far away.
      const plain = toPlainError(fromWireError(error));
      const stopped = plain.code === 'cancelled' || (job.stop.signal.aborted && isAbortError(error));
      this.#end(job, stopped ? { state: 'stopped' } : { state: 'failed', error: plain });
    }
  }

  #hear(job: Job, event: JobEvent): void {
    if (event.event === 'result') {
      const { event: _, ...result } = event;
      job.info = { ...job.info, result: JSON.parse(JSON.stringify(result)) };
      return;
    }
    if (event.event === 'progress') {
      const { event: _, ...progress } = event;
      job.info = { ...job.info, progress };
    }
    if (event.event === 'run') job.info = { ...job.info, runId: event.runId };
    keep(job, event);
    job.news.raise();
    this.#touch(job);
  }

  #end(job: Job, how: Partial<JobInfo>): void {
    job.info = { ...job.info, ...how, endedAt: this.#clock.now() };
    job.news.raise();
    this.#touch(job);
    const ended = [...this.#jobs.values()].filter(({ info }) => info.endedAt !== null);
    for (const old of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) {
      this.#jobs.delete(old.info.id);
      this.#changed.delete(old.info.id);
    }
  }

  #touch(job: Job): void {
    this.#change++;
    this.#changed.delete(job.info.id);
    this.#changed.set(job.info.id, this.#change);
    this.#changes.raise();
  }

  #find(id: string): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw new AppError('not-found', `the engine knows no job ${id}`, {
      hint: 'It may have been started before the engine was restarted; its run can be resumed.',
    });
  }
}

/** Never more than `MOST_EVENTS`. */
function keep(job: Job, event: StepEvent): void {
  job.events.push(event);
  if (job.events.length <= MOST_EVENTS) return;
  const excess = job.events.length - MOST_EVENTS;
  job.events.splice(0, excess);
  job.dropped += excess;
}
