// The station Label: the list of pictures, the canvas, and what to paint with.

import { useProduct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import './label.css';
import { LabelStation } from './label-station.tsx';
import { station } from './station.ts';

export default function Page() {
  const t = useTexts('label');
  const { product } = useProduct();
  const goTo = useGoTo();
  if (product === undefined) {
    return (
      <EmptyState icon={station.icon} title={t.title} text={t.empty}>
        <Button look="primary" onClick={() => goTo('pictures')}>
          {t.toPictures}
        </Button>
      </EmptyState>
    );
  }
  return <LabelStation key={product} product={product} />;
}
