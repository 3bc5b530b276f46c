// What to train: method, length with its price, what stands in the way, details, go.

import { useRef } from 'react';
import { isRunning, startJob, useEngine, useJobs, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ICONS } from '../../ui/index.ts';
import { trainInputOf } from './choice.ts';
import { Details } from './details.tsx';
import { Method } from './method.tsx';
import { PreflightList } from './preflight.tsx';
import { Presets } from './presets.tsx';
import { Shots } from './shots.tsx';
import { useAutoMeasure } from './use-auto-measure.ts';
import { useChoice } from './use-choice.ts';
import { usePrediction, usePreflight } from './use-forecast.ts';

export function Form({ product, onStarted }: { product: string; onStarted(job: string): void }) {
  const t = useTexts('fine-tune');
  const engine = useEngine();
  const [choice, change] = useChoice(product);
  const prediction = usePrediction(choice, product);
  const preflight = usePreflight(choice, product);
  useAutoMeasure(choice, product, prediction, preflight);
  const measuring = useJobs().find((job) => job.method === 'training.measure' && isRunning(job));
  const start = useMutation(async () => {
    // The run itself is the better measurement.
    if (measuring !== undefined) await engine.jobs.stop({ id: measuring.id });
    onStarted(await startJob(engine, { method: 'training.train', input: trainInputOf(choice, product) }));
  });
  const check = useRef<HTMLHeadingElement>(null);
  const remarks = preflight.data?.findings.length ?? 0;
  const stops = preflight.data?.findings.some((finding) => finding.stops) ?? false;
  const steps = prediction.data?.presets.find(({ preset }) => preset === choice.preset)?.steps ?? null;
  return (
    <div className="fine-tune-form">
      <div className="fine-tune-fields">
        <Method choice={choice} change={change} />
        <Presets choice={choice} change={change} product={product} prediction={prediction.data} />
        <ErrorNote error={stops ? null : prediction.error} retry={prediction.reload} />
        <PreflightList
          ref={check}
          product={product}
          preflight={preflight.data}
          error={preflight.error}
          reload={preflight.reload}
          change={change}
        />
        <Shots preflight={preflight.data} />
        <Details choice={choice} change={change} presetSteps={choice.steps > 0 ? null : steps} />
      </div>
      <div className="fine-tune-go">
        <ErrorNote error={start.error} />
        {remarks > 0 && (
          <Button look="quiet" icon={ICONS.warn} onClick={() => check.current?.focus()}>
            {t.remarks(remarks)}
          </Button>
        )}
        <Button
          look="primary"
          large
          disabled={start.busy || stops || preflight.data === undefined}
          onClick={() => start.run()}
        >
          {stops ? t.cannotStart : t.start}
        </Button>
      </div>
    </div>
  );
}
