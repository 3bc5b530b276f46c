// How far a run is, how long it still takes, and pausing it, going on, or ending it with what it has.

import type { TrainingRun } from '../../../contract/methods/training.ts';
import { invalidate, startJob, useEngine, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { Button, ErrorNote, ICONS, Icon, ProgressBar } from '../../ui/index.ts';
import { timeLeft } from './time-left.ts';
import type { ShownRun } from './use-train-runs.ts';

const RESUMABLE = new Set(['queued', 'paused', 'interrupted', 'failed']);
/** Shown in this order where nothing was predicted. */
const PHASES = ['prepare', 'fine-tune', 'mask network'] as const;

export function Controls({ shown, flat }: { shown: ShownRun; flat: number | null }) {
  const t = useTexts('fine-tune');
  const engine = useEngine();
  const { run, job } = shown;
  const pause = useMutation(async () => {
    if (job !== null) await engine.jobs.stop({ id: job.id });
  });
  const resume = useMutation(async () => {
    if (run !== null) await startJob(engine, { method: 'training.train', input: { resume: run.id } });
  });
  const keep = useMutation(async () => {
    if (run === null) return;
    const { running } = await engine.training.keep({ runId: run.id });
    invalidate('training', 'runs');
    // One that was just asked to go on will see the wish itself.
    if (!running && job === null)
      await startJob(engine, { method: 'training.train', input: { resume: run.id } });
  });
  const isStopped = job === null && RESUMABLE.has(shown.state);
  if (job === null && !isStopped) return null;
  const progress = job === null ? (run?.progress ?? null) : job.progress;
  const isEnding = run?.ending ?? false;
  const hasLearned = progress?.phase === 'fine-tune' && progress.done > 0;
  const isLate = progress?.phase === 'mask network';
  return (
    <section className="fine-tune-controls" aria-label={t.watch}>
      <Notes run={run} isStopped={isStopped} isEnding={isEnding} flat={isEnding ? null : flat} />
      <Phases shown={shown} />
      <div className="row">
        <div className="grow stack">
          <ProgressBar label={t.watch} done={progress?.done ?? 0} total={progress?.total ?? 0} />
          <Left shown={shown} />
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
        {run?.canEnd !== false && (
          <Button
            icon={ICONS.stop}
            title={t.keepHint}
            disabled={keep.busy || isEnding || isLate || !hasLearned}
            onClick={() => keep.run()}
          >
            {t.keep}
          </Button>
        )}
      </div>
      <ErrorNote error={pause.error ?? resume.error ?? keep.error} />
    </section>
  );
}

function Notes({
  run,
  isStopped,
  isEnding,
  flat,
}: {
  run: TrainingRun | null;
  isStopped: boolean;
  isEnding: boolean;
  flat: number | null;
}) {
  const t = useTexts('fine-tune');
  const words = [
    isStopped && run?.stoppedBy === 'crashed' && t.crashed,
    isStopped && run?.error && `${t.failedBecause} ${run.error}`,
    isEnding && t.ending,
    flat !== null && t.flat(flat),
  ].filter((text): text is string => typeof text === 'string');
  return (
    <>
      {words.map((text) => (
        <div key={text} className="note info" role="status">
          <Icon path={ICONS.help} />
          <div className="grow">{text}</div>
        </div>
      ))}
    </>
  );
}

/** The parts of the run, which of them are done and which are still to come. */
function Phases({ shown }: { shown: ShownRun }) {
  const t = useTexts('fine-tune');
  const names = shown.run?.forecast?.phases.map(({ phase }) => phase) ?? [...PHASES];
  const progress = shown.job?.progress ?? shown.run?.progress ?? null;
  const at = names.indexOf(progress?.phase ?? '');
  return (
    <ol className="fine-tune-phases">
      {names.map((name, i) => {
        const state = at < 0 || i > at ? 'later' : i < at ? 'done' : 'now';
        return (
          <li key={name} className={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span aria-hidden="true">{state === 'done' ? '✓' : i + 1}</span>
            {t.phases[name] ?? name}
            <span className="unseen">{t.phaseStates[state]}</span>
          </li>
        );
      })}
    </ol>
  );
}

function Left({ shown: { run, job, state } }: { shown: ShownRun }) {
  const t = useTexts('fine-tune');
  if (state === 'waiting') return <span className="small soft">{t.waiting}</span>;
  const progress = job?.progress ?? run?.progress ?? null;
  const left = job === null ? null : timeLeft(run?.forecast ?? null, job.progress);
  // Without a prediction nothing is known of the parts that follow.
  const words = run?.forecast ? t.left : t.leftInPart;
  const count = progress !== null && progress.total > 0 ? t.ofTotal(progress.done, progress.total) : null;
  return (
    <span className="small">
      {count !== null && <span className="soft">{job === null ? count : `${count} · `}</span>}
      {left !== null ? (
        <>
          <strong>{words(formatSeconds(left.seconds))}</strong>{' '}
          <span className="soft">({t.between(formatSeconds(left.low), formatSeconds(left.high))})</span>
        </>
      ) : (
        job !== null && <span className="soft">{t.leftUnknown}</span>
      )}
    </span>
  );
}
