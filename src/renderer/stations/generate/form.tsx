// What to make: types and numbers, generator, place, likeness, attributes, details, time, go.

import { type ProductInfo, startJob, useEngine, useMutation, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ICONS, Icon } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { Board } from './board.tsx';
import { Details } from './details.tsx';
import { How } from './how.tsx';
import { Like } from './like.tsx';
import { allowedPlan, isPlaceReady, methodOf, mixes, places, runsOf, totalOf } from './plan.ts';
import { Time } from './time.tsx';
import { usePlan } from './use-plan.ts';
import { What } from './what.tsx';
import { Where } from './where.tsx';

export interface TokenSet {
  id: string;
  method: string;
  createdAt: number;
  types: { name: string; tokens: string[] }[];
  problem: string | null;
}

export interface FormProps {
  product: string;
  types: ProductInfo['types'];
  tokenSets: readonly TokenSet[];
}

export function Form({ product, types, tokenSets }: FormProps) {
  const t = useTexts('generate');
  const engine = useEngine();
  const goTo = useGoTo();
  const [stored, change] = usePlan(product, types[0].name);
  const trained = tokenSets.length > 0;
  const plan = allowedPlan(stored, tokenSets);
  const own = tokenSets.filter(({ method }) => method === methodOf(plan.generator));
  const used = own.find(({ id }) => id === plan.tokenSet) ?? own[0];
  const zones = useQuery(['generation', 'painted', product, 'zones'], ({ engine: from, signal }) =>
    from.generation.painted({ product, use: 'zones' }, { signal }),
  );
  const mask = useQuery(['generation', 'painted', product, 'mask'], ({ engine: from, signal }) =>
    from.generation.painted({ product, use: 'mask' }, { signal }),
  );
  const painted = { zones: zones.data?.id ?? null, mask: mask.data?.id ?? null };
  const names = types.map(({ name }) => name);
  const runs = runsOf(plan, { product, types: names, painted });
  const total = totalOf(plan, names);
  const start = useMutation(async () => {
    for (const input of runs) await startJob(engine, { method: 'generation.generate', input });
  });
  return (
    <div className="generate-form">
      <div className="generate-fields">
        {!trained && (
          <div className="note info">
            <Icon path={ICONS.help} />
            <div className="grow">
              <div className="note-title">{t.notTrained}</div>
              {t.notTrainedText}
            </div>
            <Button onClick={() => goTo('fine-tune')}>{t.toTrain}</Button>
          </div>
        )}
        {used?.problem && (
          <div className="note warn" role="status">
            <Icon path={ICONS.warn} />
            <div className="grow">{used.problem}</div>
          </div>
        )}
        <What
          plan={plan}
          change={change}
          types={types}
          trained={tokenSets.some(({ method }) => method === 'seas')}
        />
        <How plan={plan} change={change} methods={new Set(tokenSets.map(({ method }) => method))} />
        {places(plan.generator) && (
          <Where
            plan={plan}
            change={change}
            product={product}
            zones={zones.data ?? null}
            mask={mask.data ?? null}
          />
        )}
        <Like plan={plan} change={change} />
        {mixes(plan.generator) && used && <Board plan={plan} change={change} types={names} tokenSet={used} />}
        <Details plan={plan} change={change} product={product} tokenSets={own} />
      </div>
      <div className="generate-go">
        <ErrorNote error={start.error} />
        <Time runs={runs} />
        <Button
          look="primary"
          large
          disabled={start.busy || total === 0 || !isPlaceReady(plan, painted)}
          onClick={() => start.run()}
        >
          {total === 0 ? t.startNothing : t.start(total)}
        </Button>
      </div>
    </div>
  );
}
