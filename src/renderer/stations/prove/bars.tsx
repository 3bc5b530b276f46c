// One metric: a bar per training set with its interval and the single repeats; rows that are not there yet wait empty.

import type { ProofArm, ProofMetric } from '../../../core/domain/proof.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { percent } from './format-number.ts';
import type { Proof } from './use-proofs.ts';

export function Bars({ metric, proof }: { metric: ProofMetric; proof: Proof }) {
  const t = useTexts('prove');
  return (
    <section className="prove-bars" aria-label={t.metrics[metric]}>
      <h3 title={t.aboutMetric[metric]}>{t.metrics[metric]}</h3>
      <p className="small soft">{t.aboutMetric[metric]}</p>
      <ul>
        {proof.params.arms.map((arm) => (
          <Bar key={arm} arm={arm} summary={proof.arms[arm]?.[metric]} />
        ))}
      </ul>
    </section>
  );
}

type Summary = NonNullable<Proof['arms'][ProofArm]>[ProofMetric];

function Bar({ arm, summary }: { arm: ProofArm; summary: Summary | undefined }) {
  const t = useTexts('prove');
  const language = useLanguage();
  const mean = summary?.mean ?? null;
  const { lo = null, hi = null, seeds = [] } = summary ?? {};
  const at = (value: number): string => `${100 * Math.min(1, Math.max(0, value))}%`;
  return (
    <li className={arm === 'real' ? 'prove-bar base' : 'prove-bar'}>
      <span className="ellipsis" title={t.aboutArm[arm]}>
        {t.armNames[arm]}
      </span>
      <span className="prove-track" aria-hidden="true">
        {mean !== null && <span className="prove-fill" style={{ width: at(mean) }} />}
        {lo !== null && hi !== null && (
          <span className="prove-whisker" style={{ left: at(lo), width: `calc(${at(hi)} - ${at(lo)})` }} />
        )}
        {seeds.map((value, i) => {
          // Repeats keep their order.
          const key = `${i}`;
          return value === null ? null : <span key={key} className="prove-dot" style={{ left: at(value) }} />;
        })}
      </span>
      <span className="prove-value">
        {mean === null ? (
          <span className="soft small">{t.notYet}</span>
        ) : (
          <>
            <strong>{percent(mean, language)}</strong>{' '}
            {lo !== null && hi !== null && (
              <span className="small soft">
                {percent(lo, language)}–{percent(hi, language)}
              </span>
            )}
          </>
        )}
      </span>
    </li>
  );
}
