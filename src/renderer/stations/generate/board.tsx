// The attribute board: per learned attribute, how much of each type's goes into it.

import { useState } from 'react';
import { useTexts } from '../../texts/index.ts';
import { Button, Select, Slider } from '../../ui/index.ts';
import { changedWeights, shareOf } from './board-weights.ts';
import type { TokenSet } from './form.tsx';
import type { SectionProps } from './what.tsx';

interface BoardProps extends SectionProps {
  types: readonly string[];
  tokenSet: TokenSet;
}

export function Board({ plan, change, types, tokenSet }: BoardProps) {
  const t = useTexts('generate');
  const known = tokenSet.types.filter(({ name }) => types.includes(name));
  const wanted = known.filter(({ name }) => (plan.counts[name] ?? 0) > 0);
  const [chosen, choose] = useState('');
  const target =
    (wanted.length > 0 ? wanted : known).find(({ name }) => name === chosen) ?? wanted[0] ?? known[0];
  if (target === undefined) return null;
  const weights = plan.attributes[target.name] ?? {};
  const set = (next: Record<string, number>): void =>
    change({ attributes: { ...plan.attributes, [target.name]: next } });
  const mixed = target.tokens.filter((own, slot) =>
    known.some(({ tokens }) => tokens[slot] !== own && weights[tokens[slot]] > 0),
  );
  return (
    <details className="generate-section generate-board">
      <summary>
        <h3>{t.board}</h3>
        {mixed.length > 0 && <span className="badge">{t.mixed(mixed.length)}</span>}
      </summary>
      <p className="small soft">{t.boardText}</p>
      <div className="row">
        <div className="grow">
          <Select
            label={t.boardFor('…')}
            value={target.name}
            options={known.map(({ name }) => ({ value: name, label: name }))}
            onValue={choose}
          />
        </div>
        <Button onClick={() => set({})} disabled={Object.keys(weights).length === 0}>
          {t.boardReset}
        </Button>
      </div>
      {target.tokens.map((own, slot) => (
        <fieldset key={own} className="generate-slot">
          <legend>
            {t.slots[slot] ?? t.slot(slot + 1)} <span className="soft small">{own}</span>
          </legend>
          {known.map(({ name, tokens }) => {
            const token = tokens[slot];
            const row = tokensOfSlot(known, slot);
            const untouched = row.every((each) => weights[each] === undefined);
            const value = untouched ? (token === own ? 100 : 0) : Math.round(100 * (weights[token] ?? 0));
            return (
              <Slider
                key={token}
                label={t.weightOf(token, name)}
                value={value}
                min={0}
                max={100}
                step={5}
                show={(v) => `${shareOf(weights, { row, own, token, value: v / 100 })} %`}
                onValue={(v) => set(changedWeights(weights, { row, own, token, value: v / 100 }))}
              />
            );
          })}
        </fieldset>
      ))}
    </details>
  );
}

function tokensOfSlot(known: TokenSet['types'], slot: number): string[] {
  return known.map(({ tokens }) => tokens[slot]);
}
