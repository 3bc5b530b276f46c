// Where each token looks on a real picture, at a moment of the run.

import { useState } from 'react';
import type { TrainingPreview } from '../../../contract/methods/training.ts';
import { mediaUrl } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Picture, Segmented, Slider } from '../../ui/index.ts';

export function Attention({ previews }: { previews: readonly TrainingPreview[] }) {
  const t = useTexts('fine-tune');
  const reals = previews.filter(({ kind }) => kind === 'real');
  const looks = previews.filter(({ kind }) => kind === 'attention');
  const steps = [...new Set(looks.map(({ step }) => step))];
  const [chosen, choose] = useState('0');
  const [back, goBack] = useState(0);
  if (reals.length === 0 || looks.length === 0) return null;
  const at = Math.max(0, steps.length - 1 - back);
  const step = steps[at];
  const tokens = looks.filter((look) => look.step === step);
  const each = tokens.length / reals.length;
  const real = reals.find(({ place }) => String(place) === chosen) ?? reals[0];
  const own = tokens.filter(({ place }) => Math.floor(place / each) === real.place);
  const name = (i: number): string => t.tokens[i] ?? `${i}`;
  return (
    <section className="fine-tune-panel" aria-labelledby="fine-tune-attention">
      <h3 id="fine-tune-attention">{t.attentionTitle}</h3>
      <p className="small soft">{t.attentionText}</p>
      <div className="fine-tune-look">
        <Segmented
          label={t.attentionTitle}
          value={String(real.place)}
          options={reals.map(({ place, type }) => ({
            value: String(place),
            label: t.attentionOf(place + 1, type),
          }))}
          onValue={choose}
        />
        <div className="fine-tune-when">
          <Slider
            label={t.attentionStep}
            value={at}
            min={0}
            max={Math.max(1, steps.length - 1)}
            disabled={steps.length < 2}
            show={(i) => t.afterUpdates(steps[Math.min(i, steps.length - 1)])}
            onValue={(i) => goBack(steps.length - 1 - i)}
          />
        </div>
      </div>
      <div className="fine-tune-tokens">
        <figure>
          <div className="fine-tune-window">
            <Picture of={{ kind: 'preview', id: real.id }} alt={`${t.realWindow}, ${real.type}`} />
          </div>
          <figcaption className="small">{t.realWindow}</figcaption>
        </figure>
        {own.map(({ id, token }, i) => (
          <figure key={token}>
            <div className="fine-tune-window over">
              <Picture of={{ kind: 'preview', id: real.id }} alt={t.looks(name(i), real.type)} />
              <div style={{ maskImage: `url("${mediaUrl({ kind: 'preview', id })}")` }} />
            </div>
            <figcaption className="small">
              {name(i)} <span className="soft">{token}</span>
            </figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}
