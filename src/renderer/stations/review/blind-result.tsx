// What a blind test says, with its interval.

import type { BlindTest } from '../../../contract/methods/review.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Button } from '../../ui/index.ts';
import { percent } from './why.ts';

export function BlindResult({ test, onLeave }: { test: BlindTest; onLeave(): void }) {
  const t = useTexts('review');
  const { score } = test;
  if (score.share === null || score.low === null || score.high === null) return null;
  const verdict = score.low > 0.5 ? 'told' : score.high < 0.5 ? 'reversed' : 'guess';
  return (
    <section className="stack review-blind-start" aria-live="polite">
      <h2>{t.blindResult(score.right, score.answered, percent(score.share))}</h2>
      <Interval low={score.low} high={score.high} share={score.share} />
      <p className="soft">{t.blindInterval(percent(score.low), percent(score.high))}</p>
      <p>{t.blindVerdict[verdict]}</p>
      <div>
        <Button look="primary" onClick={onLeave}>
          {t.blindAgain}
        </Button>
      </div>
    </section>
  );
}

/** The share with its interval on a line from 0 to 100 %, half in the middle. */
function Interval({ low, high, share }: { low: number; high: number; share: number }) {
  const at = (value: number): string => `${100 * value}%`;
  return (
    <div className="review-interval" aria-hidden="true">
      <div className="review-interval-half" />
      <div className="review-interval-range" style={{ left: at(low), width: at(high - low) }} />
      <div className="review-interval-share" style={{ left: at(share) }} />
      <span className="small soft">0 %</span>
      <span className="small soft">50 %</span>
      <span className="small soft">100 %</span>
    </div>
  );
}

export function EarlierTests({ tests }: { tests: readonly BlindTest[] }) {
  const t = useTexts('review');
  const language = useLanguage();
  return (
    <section className="stack">
      <h3>{t.blindEarlier}</h3>
      <table className="review-tests">
        <tbody>
          {tests.map(({ id, createdAt, person, score, finishedAt, items }) => (
            <tr key={id}>
              <td>
                {new Date(createdAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })}
              </td>
              <td>{person ?? <span className="soft">{t.nobody}</span>}</td>
              <td>
                {finishedAt === null || score.share === null || score.low === null || score.high === null
                  ? t.blindOpen(score.answered, items.length)
                  : `${t.blindResult(score.right, score.answered, percent(score.share))} (${percent(score.low)} – ${percent(score.high)})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
