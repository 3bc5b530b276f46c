// The bar at the bottom: what runs, how far it is, how long it takes, and what left this PC.

import { useState } from 'react';
import { useConnection, useHostState } from '../api/context.ts';
import { isRunning, type JobInfo, startJob, useJobs } from '../api/jobs.ts';
import { useWorkspace, type WorkspaceInfo } from '../api/workspace.ts';
import { useTexts } from '../texts/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { formatSeconds } from '../ui/format-time.ts';
import { ICONS, Icon } from '../ui/icon.tsx';
import { ProgressBar } from '../ui/small.tsx';
import { showError } from '../ui/toast.tsx';

type Run = WorkspaceInfo['runs'][number];

/** Runs that can be paused: they go on where they were. */
const PAUSABLE = new Set(['training.train', 'generation.generate', 'prove.run', 'inspect.inspect']);
const METHODS = { train: 'training.train', generate: 'generation.generate', prove: 'prove.run' } as const;

export function JobBar() {
  const t = useTexts('app');
  const state = useHostState();
  const jobs = useJobs().filter(isRunning);
  const waiting = useInterruptedRuns(jobs);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const resumable = waiting.filter((run) => !hidden.includes(run.id));
  return (
    <section className="jobs" aria-label={t.jobs}>
      {jobs.map((job) => (
        <RunningJob key={job.id} job={job} />
      ))}
      {resumable.map((run) => (
        <InterruptedRun key={run.id} run={run} onHide={() => setHidden((now) => [...now, run.id])} />
      ))}
      {jobs.length + resumable.length === 0 && <span className="soft grow">{t.noJobs}</span>}
      <span className={state?.requestsBlocked ? 'job-requests warn' : 'job-requests'}>
        <Icon path={ICONS.shield} size={16} />
        {t.requests(state?.requestsBlocked ?? 0)}
      </span>
    </section>
  );
}

function RunningJob({ job }: { job: JobInfo }) {
  const t = useTexts('app');
  const { engine } = useConnection();
  const name = t.jobNames[job.method] ?? job.method;
  const { phase, done = 0, total = 0, etaSeconds, note } = job.progress ?? {};
  const pausable = PAUSABLE.has(job.method);
  const words = [
    phase && (t.phases[phase] ?? phase),
    total > 0 && howFar(done, total, t.ofTotal),
    etaSeconds != null && t.left(formatSeconds(etaSeconds)),
    note,
    job.state === 'stopping' && t.states.stopping,
  ].filter(Boolean);
  return (
    <div className="job grow">
      <strong>{name}</strong>
      <ProgressBar label={name} done={done} total={total} />
      <span className="small soft ellipsis" title={words.join(' · ')}>
        {words.join(' · ')}
      </span>
      <IconButton
        icon={pausable ? ICONS.pause : ICONS.stop}
        label={`${pausable ? t.pause : t.stop}: ${name}`}
        look="quiet"
        disabled={job.state !== 'running'}
        onClick={() => engine.jobs.stop({ id: job.id }).catch(showError)}
      />
    </div>
  );
}

/** Work that is not counted in whole pieces is told in per cent. */
function howFar(done: number, total: number, ofTotal: (done: string, total: string) => string): string {
  if (Number.isInteger(done) && Number.isInteger(total))
    return ofTotal(done.toLocaleString(), total.toLocaleString());
  return `${Math.floor((100 * done) / total)} %`;
}

function InterruptedRun({ run, onHide }: { run: Run; onHide(): void }) {
  const t = useTexts('app');
  const { engine } = useConnection();
  const method = METHODS[run.kind];
  const name = `${t.jobNames[method]} ${run.product}`;
  const { done = 0, total = 0 } = run.progress ?? {};
  const resume = (): void => {
    startJob(engine, { method, input: { resume: run.id } }).catch(showError);
  };
  return (
    <div className="job grow">
      <strong>{name}</strong>
      <span className="badge warn">{t.states.stopped}</span>
      <span className="small soft ellipsis">
        {total > 0 && t.ofTotal(done.toLocaleString(), total.toLocaleString())}
      </span>
      <Button icon={ICONS.play} onClick={resume}>
        {t.resume}
      </Button>
      <IconButton icon={ICONS.close} label={`${t.dismiss}: ${name}`} look="quiet" onClick={onHide} />
    </div>
  );
}

/** The newest interrupted run of each kind that no job is going on with. */
function useInterruptedRuns(jobs: readonly JobInfo[]): Run[] {
  const { data } = useWorkspace();
  const busy = new Set(jobs.map((job) => job.runId));
  const runs = (data?.runs ?? []).filter((run) => run.state === 'interrupted' || run.state === 'paused');
  const newest = new Map(runs.map((run) => [run.kind, run]));
  return [...newest.values()].filter(
    (run) => !busy.has(run.id) && !jobs.some(({ input }) => input.resume === run.id),
  );
}
