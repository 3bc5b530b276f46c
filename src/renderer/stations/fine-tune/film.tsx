// The same defects drawn from the same noise at several moments: a row per defect, a column per moment.

import type { TrainingPreview } from '../../../contract/methods/training.ts';
import { useTexts } from '../../texts/index.ts';
import { Picture } from '../../ui/index.ts';

export function Film({ previews, empty }: { previews: readonly TrainingPreview[]; empty: string }) {
  const t = useTexts('fine-tune');
  const samples = previews.filter(({ kind }) => kind === 'sample');
  const steps = [...new Set(samples.map(({ step }) => step))];
  const places = [...new Set(samples.map(({ place }) => place))].sort((a, b) => a - b);
  const when = (step: number): string => (step === 0 ? t.atStart : t.afterUpdates(step));
  return (
    <section className="fine-tune-panel" aria-labelledby="fine-tune-film">
      <h3 id="fine-tune-film">{t.film}</h3>
      <p className="small soft">{samples.length === 0 ? empty : t.filmText}</p>
      {samples.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="fine-tune-film" tabIndex={0} aria-label={t.filmText}>
          <table>
            <thead>
              <tr>
                <td className="small soft">{t.filmAfter}</td>
                {steps.map((step) => (
                  <th key={step} scope="col" className="small">
                    {step === 0 ? t.atStart : step.toLocaleString()}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {places.map((place) => {
                const row = samples.filter((sample) => sample.place === place);
                const type = row[0].type;
                return (
                  <tr key={place}>
                    <th scope="row" className="small ellipsis" title={type}>
                      {type}
                    </th>
                    {steps.map((step) => {
                      const found = row.find((sample) => sample.step === step);
                      return (
                        <td key={step}>
                          {found !== undefined && (
                            <div className="fine-tune-window">
                              <Picture
                                of={{ kind: 'preview', id: found.id }}
                                alt={t.sampleOf(type, when(step))}
                              />
                            </div>
                          )}
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
