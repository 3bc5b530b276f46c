// How far a run is, and pausing, going on, or ending it with what it has.

import { invalidate, startJob, useEngine, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { Button, ErrorNote, ICONS, ProgressBar, toast } from '../../ui/index.ts';
import type { ShownRun } from './use-runs.ts';

const RESUMABLE = new Set(['queued', 'paused', 'interrupted', 'failed']);

export function RunControls({ run }: { run: ShownRun }) {
  const t = useTexts('generate');
  const engine = useEngine();
  const { job, runId } = run;
  const pause = useMutation(async () => {
    if (job !== null) await engine.jobs.stop({ id: job.id });
  });
  const resume = useMutation(async () => {
    if (runId !== null) await startJob(engine, { method: 'generation.generate', input: { resume: runId } });
  });
  const keep = useMutation(async () => {
    if (job !== null) {
      await engine.jobs.stop({ id: job.id });
      // Ends when the job has stopped.
      for await (const _ of await engine.jobs.follow({ id: job.id }));
    }
    if (runId === null) return;
    const { pictures } = await engine.generation.keep({ runId });
    toast({ text: t.kept(pictures) });
    invalidate('workspace');
  });
  const stopped = job === null && RESUMABLE.has(run.state);
  const error = pause.error ?? resume.error ?? keep.error;
  if (job === null && !stopped) return null;
  const eta = job?.progress?.etaSeconds;
  const words = [
    run.total > 0 && t.progress(run.done.toLocaleString(), run.total.toLocaleString()),
    job !== null && eta != null && t.left(formatSeconds(eta)),
  ].filter(Boolean);
  return (
    <div className="generate-controls">
      <div className="row">
        <div className="grow stack">
          <ProgressBar label={t.sheet} done={run.done} total={run.total} />
          <span className="small soft">{run.state === 'waiting' ? t.waiting : words.join(' · ')}</span>
        </div>
        {job !== null ? (
          <Button icon={ICONS.pause} disabled={job.state !== 'running'} onClick={() => pause.run()}>
            {t.pause}
          </Button>
        ) : (
          <Button icon={ICONS.play} look="primary" disabled={resume.busy} onClick={() => resume.run()}>
            {t.resume}
          </Button>
        )}
        <Button icon={ICONS.stop} disabled={keep.busy || runId === null} onClick={() => keep.run()}>
          {t.keep}
        </Button>
      </div>
      {run.error !== null && (
        <p className="small">
          {t.failedBecause} {run.error}
        </p>
      )}
      <ErrorNote error={error} />
    </div>
  );
}
