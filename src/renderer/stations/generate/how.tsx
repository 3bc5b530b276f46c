// Which generator, in plain words.

import { useTexts } from '../../texts/index.ts';
import { GENERATORS, methodOf } from './plan.ts';
import type { SectionProps } from './what.tsx';

export function How({ plan, change, methods }: SectionProps & { methods: ReadonlySet<string> }) {
  const t = useTexts('generate');
  return (
    <section className="generate-section" aria-labelledby="generate-how">
      <h3 id="generate-how">{t.how}</h3>
      <div className="generate-cards" role="radiogroup" aria-labelledby="generate-how">
        {GENERATORS.map((generator) => {
          const method = methodOf(generator);
          const off = method !== null && !methods.has(method);
          return (
            <label key={generator} className={off ? 'generate-card off' : 'generate-card'}>
              <input
                type="radio"
                name="generator"
                checked={plan.generator === generator}
                disabled={off}
                onChange={() => change({ generator, ...(generator !== 'windows' && notPainted(plan.place)) })}
              />
              <span>
                <strong>{t.generators[generator]}</strong>
                <span className="small soft">{t.about[generator]}</span>
              </span>
            </label>
          );
        })}
      </div>
    </section>
  );
}

/** A mask of one's own is only for `windows`. */
function notPainted(place: string): { place?: 'learned' } {
  return place === 'mask' ? { place: 'learned' } : {};
}
