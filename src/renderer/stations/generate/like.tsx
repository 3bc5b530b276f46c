// What the new defects are like: size, number, strength, distance from the real ones.

import { useTexts } from '../../texts/index.ts';
import { Slider } from '../../ui/index.ts';
import { places } from './plan.ts';
import type { SectionProps } from './what.tsx';

export function Like({ plan, change }: SectionProps) {
  const t = useTexts('generate');
  if (!places(plan.generator)) return null;
  const own = plan.place === 'mask';
  return (
    <section className="generate-section" aria-labelledby="generate-like">
      <h3 id="generate-like">{t.like}</h3>
      {!own && (
        <>
          <Slider
            label={t.size}
            value={plan.size}
            min={25}
            max={400}
            step={5}
            show={t.sizeValue}
            onValue={(size) => change({ size })}
          />
          <Slider
            label={t.defects}
            value={plan.defects}
            min={1}
            max={20}
            onValue={(defects) => change({ defects })}
          />
        </>
      )}
      <Slider
        label={t.strength}
        value={plan.strength}
        min={10}
        max={200}
        step={5}
        show={t.strengthValue}
        onValue={(strength) => change({ strength })}
      />
      {plan.generator === 'blend' && (
        <Slider
          label={t.variation}
          value={plan.variation}
          min={0}
          max={100}
          step={5}
          show={t.variationValue}
          onValue={(variation) => change({ variation })}
        />
      )}
    </section>
  );
}
