// An export at work: its three steps, rate, time left, pause and stop.

import { useRef } from 'react';
import { type JobInfo, useEngine, useMutation } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { Button, ErrorNote, ICONS, Icon, ProgressBar, useKeys } from '../../ui/index.ts';
import { OK } from './go.tsx';

const STEPS = ['write', 'check', 'read'];

export function Progress({ job }: { job: JobInfo }) {
  const t = useTexts('export');
  const language = useLanguage();
  const engine = useEngine();
  const { phase = 'write', done = 0, total = 0, etaSeconds = null, note = null } = job.progress ?? {};
  const out = String(job.input.out);
  const held = phase === 'paused';
  const hold = useMutation((on: boolean) => engine.exports.hold({ out, hold: on }));
  const stop = useMutation(() => engine.jobs.stop({ id: job.id }));
  useKeys(t.title, [{ keys: 'P', title: held ? t.goOn : t.pause, run: () => void hold.run(!held) }]);
  // Where it is held it stands in the step it was in.
  const step = useRef(0);
  if (!held) step.current = Math.max(0, STEPS.indexOf(phase));
  const at = step.current;
  const stopping = job.state === 'stopping';
  const words = [
    t.ofSteps(at + 1, STEPS.length),
    total > 0 && `${done.toLocaleString(language)} / ${total.toLocaleString(language)}`,
    note,
    etaSeconds !== null && t.stepLeft(formatSeconds(etaSeconds)),
  ].filter(Boolean);
  return (
    <section className="export-work" aria-labelledby="export-work">
      <h2 id="export-work">{t.running}</h2>
      <p className="path">{out}</p>
      <ol className="export-phases">
        {STEPS.map((name, i) => (
          <li
            key={name}
            className={at > i ? 'past' : at === i ? 'now' : undefined}
            aria-current={at === i ? 'step' : undefined}
          >
            <span className="export-number">{at > i ? <Icon path={OK} size={16} /> : i + 1}</span>
            <span>
              <strong>{t.steps[name]}</strong>
              <span className="small soft export-block">{t.aboutSteps[name]}</span>
            </span>
          </li>
        ))}
      </ol>
      <ProgressBar label={t.running} done={done} total={held ? Math.max(1, total) : total} />
      <p className="export-rate" aria-live="off">
        {stopping ? t.stopping : held ? t.paused : words.join(' · ')}
      </p>
      <ErrorNote error={hold.error ?? stop.error} />
      <div className="toolbar">
        <Button
          icon={held ? ICONS.play : ICONS.pause}
          look={held ? 'primary' : undefined}
          disabled={stopping}
          onClick={() => void hold.run(!held)}
        >
          {held ? t.goOn : t.pause}
        </Button>
        <Button icon={ICONS.stop} disabled={stopping} onClick={() => void stop.run()}>
          {t.stop}
        </Button>
      </div>
    </section>
  );
}
