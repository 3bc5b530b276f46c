// How a run ended: what was predicted and what it took, how well it learned, and what comes next.

import type { TrainingRun } from '../../../contract/methods/training.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { Badge, Button } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { formatBytes } from './sizes.ts';

/** A prediction of memory holds within this share. */
const MEMORY_SPREAD = 0.15;

export function Result({ run }: { run: TrainingRun }) {
  const t = useTexts('fine-tune');
  const goTo = useGoTo();
  const language = useLanguage();
  const { forecast, forecastBytes, peakBytes, steps, plannedSteps, types } = run;
  const size = (bytes: number): string => formatBytes(bytes, language);
  const isEarly = steps !== null && plannedSteps !== null && steps < plannedSteps;
  return (
    <section className="fine-tune-panel fine-tune-result" aria-labelledby="fine-tune-result">
      <div className="row">
        <h3 id="fine-tune-result" className="grow">
          {t.result}
        </h3>
        {run.method !== 'anomalysd' && (
          <Button look="primary" onClick={() => goTo('generate')}>
            {t.toGenerate}
          </Button>
        )}
      </div>
      {types.length > 0 && <p>{t.learned(types.join(', '))}</p>}
      {isEarly && <p className="small">{t.endedEarly(steps, plannedSteps)}</p>}
      <div className="fine-tune-outcome">
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{t.predicted}</th>
              <th scope="col">{t.actual}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t.time}</th>
              <td>
                {forecast === null ? (
                  <span className="soft">{t.notPredicted}</span>
                ) : (
                  t.between(formatSeconds(forecast.low), formatSeconds(forecast.high))
                )}
              </td>
              <td>{formatSeconds(run.seconds)}</td>
              <td>
                {forecast !== null && !isEarly && (
                  <Verdict value={run.seconds} low={forecast.low} high={forecast.high} />
                )}
              </td>
            </tr>
            {peakBytes !== null && (
              <tr>
                <th scope="row">{t.memoryRow}</th>
                <td>
                  {forecastBytes === null ? (
                    <span className="soft">{t.notPredicted}</span>
                  ) : (
                    t.about(size(forecastBytes))
                  )}
                </td>
                <td>{size(peakBytes)}</td>
                <td>
                  {forecastBytes !== null && (
                    <Verdict value={peakBytes} low={0} high={(1 + MEMORY_SPREAD) * forecastBytes} />
                  )}
                </td>
              </tr>
            )}
          </tbody>
        </table>
        <HeldOut run={run} />
      </div>
    </section>
  );
}

function Verdict({ value, low, high }: { value: number; low: number; high: number }) {
  const t = useTexts('fine-tune');
  if (value > high) return <Badge tone="warn">▲ {t.more}</Badge>;
  if (value < low) return <Badge>▼ {t.less}</Badge>;
  return <Badge tone="good">✓ {t.within}</Badge>;
}

function HeldOut({ run }: { run: TrainingRun }) {
  const t = useTexts('fine-tune');
  const language = useLanguage();
  const { heldOutBefore: before, heldOutAfter: after, heldOutPictures: pictures } = run;
  if (before === null || after === null) return <p className="small soft">{t.heldOutNone}</p>;
  const share = before === 0 ? 0 : 1 - after / before;
  const percent = Math.abs(share).toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });
  const number = (value: number): string => value.toLocaleString(language, { maximumSignificantDigits: 3 });
  return (
    <div className="stack">
      <strong>{t.heldOut}</strong>
      <span>
        {share >= 0 ? t.heldOutFell(percent, pictures ?? 0) : t.heldOutRose(percent, pictures ?? 0)}
      </span>
      <span className="small soft">{t.heldOutNumbers(number(before), number(after))}</span>
    </div>
  );
}
