// How long it will take, from what earlier runs took.

import { type JobRequest, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';

interface Prediction {
  seconds: number | null;
  low: number | null;
  high: number | null;
}

type Input = Extract<JobRequest, { method: 'generation.generate' }>['input'];

export function Time({ runs }: { runs: readonly Input[] }) {
  const t = useTexts('generate');
  const asked = runs.flatMap((run) =>
    'resume' in run
      ? []
      : [{ generator: run.generator, count: run.count, defects: run.placement?.defects ?? 1 }],
  );
  const { data } = useQuery(['generation', 'predict', JSON.stringify(asked)], async ({ engine, signal }) =>
    Promise.all(asked.map((one) => engine.generation.predict(one, { signal }))),
  );
  if (asked.length === 0 || data === undefined) return null;
  const sum = (pick: (one: Prediction) => number | null): number | null =>
    data.reduce<number | null>((total, one) => {
      const value = pick(one);
      return total === null || value === null ? null : total + value;
    }, 0);
  const [seconds, low, high] = [sum((one) => one.seconds), sum((one) => one.low), sum((one) => one.high)];
  const measured = Math.max(...data.map((one) => one.measured));
  return (
    <p className="generate-time">
      <span className="soft">{t.time}: </span>
      {seconds === null || low === null || high === null ? (
        t.timeUnknown
      ) : (
        <>
          <strong>{t.takes(formatSeconds(seconds))}</strong>{' '}
          <span className="soft small">
            ({t.between(formatSeconds(low), formatSeconds(high))}, {t.measuredOn(measured)})
          </span>
        </>
      )}
    </p>
  );
}
