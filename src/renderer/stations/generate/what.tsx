// How many of what: a number per defect type, and good pictures.

import type { ProductInfo } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { ICONS, IconButton } from '../../ui/index.ts';
import type { Plan } from './plan.ts';
import type { Change } from './use-plan.ts';

export interface SectionProps {
  plan: Plan;
  change: Change;
}

interface WhatProps extends SectionProps {
  types: ProductInfo['types'];
  trained: boolean;
}

const MOST = 100_000;

export function What({ plan, change, types, trained }: WhatProps) {
  const t = useTexts('generate');
  const set = (type: string, count: number): void => change({ counts: { ...plan.counts, [type]: count } });
  return (
    <section className="generate-section" aria-labelledby="generate-what">
      <h3 id="generate-what">{t.what}</h3>
      <div className="generate-counts">
        {types.map(({ name, pictures }) => (
          <div key={name} className="generate-count">
            <span className="grow ellipsis" title={name}>
              {name}
            </span>
            <span className="soft small">{t.realOnes(pictures)}</span>
            <Count
              label={t.countOf(name)}
              value={plan.counts[name] ?? 0}
              onValue={(count) => set(name, count)}
            />
          </div>
        ))}
        {trained && (
          <div className="generate-count" title={t.goodHint}>
            <span className="grow">{t.good}</span>
            <Count label={t.countOf(t.good)} value={plan.good} onValue={(good) => change({ good })} />
          </div>
        )}
      </div>
    </section>
  );
}

function Count({ label, value, onValue }: { label: string; value: number; onValue(value: number): void }) {
  const set = (next: number): void => onValue(Math.max(0, Math.min(MOST, Math.round(next) || 0)));
  const step = value >= 100 ? 50 : value >= 20 ? 10 : 5;
  return (
    <span className="generate-number">
      <IconButton
        icon={ICONS.minus}
        look="quiet"
        label={`${label}: −${step}`}
        onClick={() => set(value - step)}
      />
      <input
        className="input"
        type="number"
        min={0}
        max={MOST}
        aria-label={label}
        value={value}
        onChange={(event) => set(Number(event.target.value))}
      />
      <IconButton
        icon={ICONS.plus}
        look="quiet"
        label={`${label}: +${step}`}
        onClick={() => set(value + step)}
      />
    </span>
  );
}
