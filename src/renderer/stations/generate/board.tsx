// The attribute board: per learned attribute, how much of each type's goes into it.

import { useState } from 'react';
import { useTexts } from '../../texts/index.ts';
import { Button, Select, Slider } from '../../ui/index.ts';
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
                show={(v) => `${share(v, token, row, weights, own)} %`}
                onValue={(v) => set(changed(weights, { row, own, token, value: v / 100 }))}
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

interface Move {
  /** The tokens of all types for one attribute. */
  row: readonly string[];
  own: string;
  token: string;
  value: number;
}

/** The first change in a row states the rest of it; a row back at its own alone is left out; never all zero. */
export function changed(
  weights: Readonly<Record<string, number>>,
  { row, own, token, value }: Move,
): Record<string, number> {
  const next = { ...weights };
  if (row.every((each) => next[each] === undefined))
    for (const each of row) next[each] = each === own ? 1 : 0;
  next[token] = value;
  if (row.every((each) => next[each] === 0)) next[own] = 1;
  if (row.every((each) => (each === own ? next[each] > 0 : next[each] === 0)))
    for (const each of row) delete next[each];
  return next;
}

/** Part of the mix in per cent. */
function share(
  value: number,
  token: string,
  row: readonly string[],
  weights: Readonly<Record<string, number>>,
  own: string,
): number {
  const of = (each: string): number =>
    each === token
      ? value / 100
      : (weights[each] ?? (row.every((r) => weights[r] === undefined) && each === own ? 1 : 0));
  const sum = row.reduce((total, each) => total + of(each), 0);
  return sum === 0 ? 0 : Math.round((100 * of(token)) / sum);
}
