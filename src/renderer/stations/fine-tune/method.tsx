// What the fine-tune is for, and which base pack it starts from.

import { useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Select } from '../../ui/index.ts';
import type { Change, Choice } from './choice.ts';

export interface SectionProps {
  choice: Choice;
  change: Change;
}

export function Method({ choice, change }: SectionProps) {
  const t = useTexts('fine-tune');
  const { data } = useQuery(['training', 'methods'], ({ engine, signal }) =>
    engine.training.methods({}, { signal }),
  );
  return (
    <section className="fine-tune-section" aria-labelledby="fine-tune-method">
      <h3 id="fine-tune-method">{t.method}</h3>
      <div className="fine-tune-cards" role="radiogroup" aria-labelledby="fine-tune-method">
        {(data?.methods ?? []).map(({ method, ready }) => (
          <label key={method} className={ready ? 'fine-tune-card' : 'fine-tune-card off'}>
            <input
              type="radio"
              name="fine-tune-method"
              checked={choice.method === method}
              disabled={!ready}
              onChange={() => change({ method })}
            />
            <span>
              <strong>
                {t.methods[method] ?? method}{' '}
                <span className="soft fine-tune-name">{t.methodNames[method]}</span>
              </strong>
              {(!ready || choice.method === method) && (
                <span className="small soft">{ready ? t.aboutMethod[method] : t.notReady}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      <Pack choice={choice} change={change} />
    </section>
  );
}

/** Only packs that the method can start from may be chosen; the others say why. */
function Pack({ choice, change }: SectionProps) {
  const t = useTexts('fine-tune');
  const { data } = useQuery(['packs', 'list'], ({ engine, signal }) => engine.packs.list({}, { signal }));
  const packs = data?.packs ?? [];
  const known = packs.some(({ name }) => name === choice.pack);
  const value = choice.pack === '' ? (packs[0]?.name ?? '') : choice.pack;
  const chosen = packs.find(({ name }) => name === value);
  return (
    <Select
      label={t.pack}
      hint={chosen?.problem ?? chosen?.licence}
      value={value}
      options={[
        ...packs.map(({ name, problem }) => ({ value: name, label: name, disabled: problem !== null })),
        ...(known || choice.pack === '' ? [] : [{ value: choice.pack, label: choice.pack }]),
      ]}
      onValue={(pack) => change({ pack: pack === packs[0]?.name ? '' : pack })}
    />
  );
}
