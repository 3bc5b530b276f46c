// The station Generate: what to make on the left, what is made on the right.

import { useProduct, useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState, ErrorNote } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import './generate.css';
import { Form } from './form.tsx';
import { Sheet } from './sheet.tsx';
import { station } from './station.ts';

export default function Page() {
  const t = useTexts('generate');
  const goTo = useGoTo();
  const { product, info } = useProduct();
  const learned = useQuery(['generation', 'learned', product], async ({ engine, signal }) =>
    product === undefined ? null : engine.generation.learned({ product }, { signal }),
  );
  if (product === undefined || info === undefined || info.normals === 0) {
    return (
      <EmptyState icon={station.icon} title={t.noPictures} text={t.noPicturesText}>
        <Button look="primary" onClick={() => goTo('pictures')}>
          {t.toPictures}
        </Button>
      </EmptyState>
    );
  }
  if (info.types.length === 0) {
    return (
      <EmptyState icon={station.icon} title={t.noDefects} text={t.noDefectsText}>
        <Button look="primary" onClick={() => goTo('label')}>
          {t.toLabel}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className="generate">
      {learned.data === undefined || learned.data === null ? (
        <div className="generate-form">
          <ErrorNote error={learned.error} retry={learned.reload} />
        </div>
      ) : (
        <Form key={product} product={product} types={info.types} tokenSets={learned.data.tokenSets} />
      )}
      <Sheet product={product} />
    </div>
  );
}
