// The station Review: one by one, as a survey, or as a blind test.

import { useState } from 'react';
import { useProduct, useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState, ErrorNote, Segmented } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { Blind } from './blind.tsx';
import { FilterBar } from './filter-bar.tsx';
import { OneByOne } from './one-by-one.tsx';
import { chosen, FIRST_FILTERS, type Filters } from './order.ts';
import { Progress } from './progress.tsx';
import './review.css';
import { station } from './station.ts';
import { Survey } from './survey.tsx';
import { useReview } from './use-review.ts';

const MODES = ['one', 'survey', 'blind'] as const;
type Mode = (typeof MODES)[number];

export default function Page() {
  const t = useTexts('review');
  const goTo = useGoTo();
  const { product } = useProduct();
  if (product !== undefined) return <OfProduct key={product} product={product} />;
  return (
    <EmptyState icon={station.icon} title={t.noProduct} text={t.noProductText}>
      <Button look="primary" onClick={() => goTo('pictures')}>
        {t.toPictures}
      </Button>
    </EmptyState>
  );
}

function OfProduct({ product }: { product: string }) {
  const t = useTexts('review');
  const goTo = useGoTo();
  const review = useReview(product);
  const [mode, setMode] = useStored<Mode>('review.mode', 'one');
  const [stored, setFilters] = useStored<Partial<Filters>>('review.filters', {});
  const [current, setCurrent] = useState<string | null>(null);
  const filters = { ...FIRST_FILTERS, ...stored };
  const { pictures } = review;
  if (pictures === undefined) {
    return (
      <div className="review-wait" aria-busy={review.error === null}>
        <ErrorNote error={review.error} retry={review.reload} />
      </div>
    );
  }
  if (pictures.length === 0) {
    return (
      <EmptyState icon={station.icon} title={t.nothing} text={t.nothingText}>
        <Button look="primary" onClick={() => goTo('generate')}>
          {t.toGenerate}
        </Button>
      </EmptyState>
    );
  }
  const shown = chosen(pictures, filters);
  return (
    <div className="review">
      <div className="review-bar">
        <Segmented
          label={t.mode}
          value={mode}
          options={MODES.map((value) => ({ value, label: t.modes[value] }))}
          onValue={setMode}
        />
        {mode !== 'blind' && <FilterBar pictures={pictures} filters={filters} onFilters={setFilters} />}
        <Progress pictures={pictures} pace={review.pace} />
      </div>
      {mode === 'blind' ? (
        <Blind product={product} />
      ) : mode === 'survey' ? (
        <Survey
          review={review}
          pictures={shown}
          leaves={filters.state === 'undecided'}
          onOpen={(id) => {
            setCurrent(id);
            setMode('one');
          }}
        />
      ) : (
        <OneByOne
          review={review}
          all={pictures}
          pictures={shown}
          current={current}
          onCurrent={setCurrent}
          onShowAll={() => setFilters({ ...FIRST_FILTERS, state: 'all' })}
        />
      )}
    </div>
  );
}
