// Step 1: which pictures, in which format, which types and splits.

import type { ProductInfo } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Button, Checkbox, Select } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { type Change, type Choice, PARTS, SPLITS } from './choice.ts';
import { FORMATS } from './formats.ts';

interface WhatProps {
  choice: Choice;
  change: Change;
  info: ProductInfo;
}

export function What({ choice, change, info }: WhatProps) {
  const t = useTexts('export');
  const language = useLanguage();
  const goTo = useGoTo();
  const { accepted } = info.generated;
  const real = info.normals + info.types.reduce((sum, type) => sum + type.pictures, 0);
  return (
    <section className="export-step" aria-labelledby="export-what">
      <h2 id="export-what">
        <span className="export-number">1</span>
        {t.what}
      </h2>
      <fieldset className="export-set">
        <legend>{t.content}</legend>
        {PARTS.map((parts) => (
          <label key={parts} className="check">
            <input
              type="radio"
              className="export-radio"
              name="export-parts"
              checked={choice.parts === parts}
              disabled={accepted === 0 && parts !== 'real'}
              onChange={() => change({ parts })}
            />
            <span>{t.parts[parts]}</span>
            <span className="soft small export-aside">
              {[parts !== 'real' && accepted, parts !== 'generated' && real]
                .filter((count) => count !== false)
                .map((count) => count.toLocaleString(language))
                .join(' + ')}
            </span>
          </label>
        ))}
        {accepted === 0 && (
          <div className="row small soft">
            <span className="grow">{t.noneAccepted}</span>
            <Button onClick={() => goTo('review')}>{t.toReview}</Button>
          </div>
        )}
      </fieldset>
      <Select
        label={t.format}
        hint={t.aboutFormat[choice.format]}
        value={choice.format}
        options={FORMATS.map((value) => ({ value, label: t.formats[value] }))}
        onValue={(format) => change({ format })}
      />
      {info.types.length > 0 && (
        <fieldset className="export-set">
          <legend>{t.types}</legend>
          <div className="export-choices">
            {info.types.map(({ name, pictures }) => (
              <Checkbox
                key={name}
                label={t.ofType(name, pictures)}
                checked={!choice.withoutTypes.includes(name)}
                onValue={(on) => change({ withoutTypes: toggled(choice.withoutTypes, name, on) })}
              />
            ))}
          </div>
        </fieldset>
      )}
      <fieldset className="export-set">
        <legend>{t.splits}</legend>
        <div className="export-choices">
          {SPLITS.map((split) => (
            <Checkbox
              key={split}
              label={t.splitNames[split]}
              checked={!choice.withoutSplits.includes(split)}
              disabled={
                choice.withoutSplits.length === SPLITS.length - 1 && !choice.withoutSplits.includes(split)
              }
              onValue={(on) => change({ withoutSplits: toggled(choice.withoutSplits, split, on) })}
            />
          ))}
        </div>
      </fieldset>
    </section>
  );
}

function toggled<V>(without: readonly V[], value: V, on: boolean): V[] {
  const others = without.filter((other) => other !== value);
  return on ? others : [...others, value];
}
