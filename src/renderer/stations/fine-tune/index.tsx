// The station Fine-tune: what to train on the left, what it learns on the right.

import { useState } from 'react';
import { useProduct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import './fine-tune.css';
import { Form } from './form.tsx';
import { Runs } from './runs.tsx';
import { station } from './station.ts';

export default function Page() {
  const t = useTexts('fine-tune');
  const goTo = useGoTo();
  const { product, info } = useProduct();
  const [chosen, choose] = useState<string | null>(null);
  if (product === undefined || info === undefined) {
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
    <div className="fine-tune">
      <Form key={product} product={product} onStarted={choose} />
      <Runs product={product} chosen={chosen} onChoose={choose} />
    </div>
  );
}
