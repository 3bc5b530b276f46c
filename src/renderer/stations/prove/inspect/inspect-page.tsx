// Inspect: pictures in, a score and a map of each out.

import { useState } from 'react';
import { isRunning, useJobs, useQuery } from '../../../api/index.ts';
import { useTexts } from '../../../texts/index.ts';
import { Button, EmptyState, ErrorNote } from '../../../ui/index.ts';
import { useGoTo } from '../../use-go-to.ts';
import { station } from '../station.ts';
import { InspectForm } from './inspect-form.tsx';
import { InspectResults } from './inspect-results.tsx';

export function InspectPage({ product }: { product: string }) {
  const t = useTexts('prove').inspect;
  const goTo = useGoTo();
  const [started, setStarted] = useState<string | null>(null);
  const models = useQuery(['inspect', 'models', product], ({ engine, signal }) =>
    engine.inspect.models({ product }, { signal }),
  );
  const jobs = useJobs().filter((job) => job.method === 'inspect.inspect' && job.input.product === product);
  const job = jobs.find(({ id }) => id === started) ?? jobs.find(isRunning) ?? jobs[0] ?? null;
  if (models.data === undefined) return <ErrorNote error={models.error} retry={models.reload} />;
  if (models.data.models.length === 0) {
    return (
      <EmptyState icon={station.icon} title={t.noModel} text={t.noModelText}>
        <Button look="primary" onClick={() => goTo('fine-tune')}>
          {t.toTrain}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className="prove-page">
      <InspectForm
        product={product}
        models={models.data.models}
        busy={job !== null && isRunning(job)}
        onStarted={setStarted}
      />
      <InspectResults job={job} />
    </div>
  );
}
