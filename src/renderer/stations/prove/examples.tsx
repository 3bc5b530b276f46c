// Test pictures on which the generated pictures made most of a difference.

import { useLanguage, useTexts } from '../../texts/index.ts';
import { signed } from './format-number.ts';
import type { Proof } from './use-proofs.ts';

interface ExamplesProps {
  title: string;
  none: string;
  examples: Proof['helped'];
}

export function Examples({ title, none, examples }: ExamplesProps) {
  const t = useTexts('prove');
  const language = useLanguage();
  return (
    <section className="prove-examples" aria-label={title}>
      <h3>{title}</h3>
      {examples.length === 0 ? (
        <p className="soft">{none}</p>
      ) : (
        <>
          <p className="small soft">{t.strip}</p>
          <div className="prove-strips">
            {examples.map(({ picture, file, type, points, strip }) => {
              const words = t.exampleOf(file, signed(points, language));
              return (
                <figure key={`${picture} ${type}`}>
                  <img src={strip} alt={words} />
                  <figcaption className="small">
                    <strong>{signed(points, language)}</strong>{' '}
                    <span className="soft">{[type, file].filter(Boolean).join(' · ')}</span>
                  </figcaption>
                </figure>
              );
            })}
          </div>
        </>
      )}
    </section>
  );
}
