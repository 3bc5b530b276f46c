// How long: three presets, each with the time and the memory this very job will take here.

import { isRunning, startJob, useEngine, useJobs, useMutation } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { Button, ErrorNote, ICONS, ProgressBar } from '../../ui/index.ts';
import { type Choice, jobOf, PRESETS } from './choice.ts';
import type { SectionProps } from './method.tsx';
import { formatBytes } from './sizes.ts';
import type { Prediction } from './use-forecast.ts';

interface PresetsProps extends SectionProps {
  product: string;
  prediction: Prediction | undefined;
}

export function Presets({ choice, change, product, prediction }: PresetsProps) {
  const t = useTexts('fine-tune');
  return (
    <section className="fine-tune-section" aria-labelledby="fine-tune-preset">
      <h3 id="fine-tune-preset">{t.preset}</h3>
      <div className="fine-tune-presets" role="radiogroup" aria-labelledby="fine-tune-preset">
        {PRESETS.map((preset) => (
          <label key={preset} className="fine-tune-card">
            <input
              type="radio"
              name="fine-tune-preset"
              checked={choice.preset === preset}
              onChange={() => change({ preset })}
            />
            <span className="grow">
              <strong>{t.presets[preset]}</strong>
              <span className="small soft">{t.aboutPreset[preset]}</span>
            </span>
            <Figures of={prediction?.presets.find((one) => one.preset === preset)} />
          </label>
        ))}
      </div>
      <Evidence choice={choice} product={product} prediction={prediction} />
    </section>
  );
}

function Figures({ of }: { of: Prediction['presets'][number] | undefined }) {
  const t = useTexts('fine-tune');
  const language = useLanguage();
  if (of === undefined) return <span className="fine-tune-figures soft small">…</span>;
  if (of.problem !== null) return <span className="fine-tune-figures small">⚠ {of.problem}</span>;
  const { forecast, bytes } = of;
  return (
    <span className="fine-tune-figures">
      {forecast === null ? (
        <span className="soft small">{t.noTime}</span>
      ) : (
        <>
          <strong>{t.about(formatSeconds(forecast.seconds))}</strong>
          <span className="soft small">
            {t.between(formatSeconds(forecast.low), formatSeconds(forecast.high))}
          </span>
        </>
      )}
      {bytes !== null && <span className="soft small">{t.memory(formatBytes(bytes, language))}</span>}
    </span>
  );
}

/** Where the times come from; a button makes them where there are none. */
function Evidence({
  choice,
  product,
  prediction,
}: {
  choice: Choice;
  product: string;
  prediction: Prediction | undefined;
}) {
  const t = useTexts('fine-tune');
  const engine = useEngine();
  const job = useJobs().find((one) => one.method === 'training.measure' && isRunning(one));
  const measure = useMutation(() =>
    startJob(engine, { method: 'training.measure', input: jobOf(choice, product) }),
  );
  const stop = useMutation(async () => {
    if (job !== undefined) await engine.jobs.stop({ id: job.id });
  });
  if (prediction === undefined) return null;
  const { evidence, device, presets } = prediction;
  if (job !== undefined) {
    const { done = 0, total = 0 } = job.progress ?? {};
    return (
      <div className="fine-tune-measure" role="status">
        <div className="grow stack">
          <span className="small">{t.measuring}</span>
          <ProgressBar label={t.measuring} done={done} total={total} />
        </div>
        <Button icon={ICONS.stop} onClick={() => stop.run()}>
          {t.stopMeasuring}
        </Button>
      </div>
    );
  }
  if (evidence === null) {
    if (presets.every(({ problem }) => problem !== null)) return null;
    return (
      <>
        <div className="fine-tune-measure">
          <span className="small grow">
            {t.notMeasured} <span className="soft">{t.measureText}</span>
          </span>
          <Button disabled={measure.busy} onClick={() => measure.run()}>
            {t.measure}
          </Button>
        </div>
        <ErrorNote error={measure.error} />
      </>
    );
  }
  const { count, isRun, isSame } = evidence;
  const from = t.evidence;
  const words = !isSame
    ? from.other(device.name)
    : isRun
      ? from.runs(count, device.name)
      : from.short(device.name);
  return <p className="small soft">{words}</p>;
}
