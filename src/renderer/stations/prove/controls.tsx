// How far a proof is; pausing it and going on.

import { invalidate, type JobInfo, startJob, useEngine, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { Button, ErrorNote, ICONS, ProgressBar } from '../../ui/index.ts';
import type { Proof } from './use-proofs.ts';

const RESUMABLE = new Set(['queued', 'paused', 'interrupted', 'failed']);

export function Controls({ proof, job }: { proof: Proof; job: JobInfo | null }) {
  const t = useTexts('prove');
  const app = useTexts('app');
  const engine = useEngine();
  const pause = useMutation(async () => {
    if (job !== null) await engine.jobs.stop({ id: job.id });
  });
  const resume = useMutation(() => startJob(engine, { method: 'prove.run', input: { resume: proof.id } }));
  const end = useMutation(async () => {
    if (job !== null) {
      await engine.jobs.stop({ id: job.id });
      // Ends when the job has stopped.
      for await (const _ of await engine.jobs.follow({ id: job.id }));
    }
    await engine.prove.end({ id: proof.id });
    invalidate('workspace');
    invalidate('prove');
  });
  const stopped = job === null && RESUMABLE.has(proof.state);
  if (job === null && !stopped) return null;
  const { phase, done = 0, total = 0, etaSeconds = null } = job?.progress ?? {};
  const words =
    job === null
      ? [t.interrupted]
      : job.state === 'stopping'
        ? [t.pausing]
        : [
            phase && (app.phases[phase] ?? phase),
            total > 0 && `${Math.floor((100 * done) / total)} %`,
            etaSeconds !== null && t.left(formatSeconds(etaSeconds)),
          ].filter(Boolean);
  return (
    <section className="prove-controls" aria-label={t.progress(proof.cellsDone, proof.cells)}>
      <div className="row">
        <div className="grow stack">
          <ProgressBar
            label={t.live}
            done={total > 0 ? done : proof.cellsDone}
            total={total > 0 ? total : proof.cells}
          />
          <span>
            <strong>{t.progress(proof.cellsDone, proof.cells)}</strong>{' '}
            <span className="small soft">{words.join(' · ')}</span>
          </span>
        </div>
        {job !== null ? (
          <Button icon={ICONS.pause} disabled={job.state !== 'running'} onClick={() => void pause.run()}>
            {t.pause}
          </Button>
        ) : (
          <Button icon={ICONS.play} look="primary" disabled={resume.busy} onClick={() => void resume.run()}>
            {t.resume}
          </Button>
        )}
        <Button icon={ICONS.stop} disabled={end.busy} onClick={() => void end.run()}>
          {t.end}
        </Button>
      </div>
      {job === null && proof.error !== null && (
        <p>
          {t.failedBecause} {proof.error}
        </p>
      )}
      <ErrorNote error={pause.error ?? resume.error ?? end.error} />
    </section>
  );
}
