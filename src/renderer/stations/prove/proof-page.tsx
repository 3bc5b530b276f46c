// "Does it help?": what to compare on the left, what came of it on the right.

import type { ProductInfo } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { Form } from './form.tsx';
import { Results } from './results.tsx';
import { station } from './station.ts';

export function ProofPage({ product, info }: { product: string; info: ProductInfo }) {
  const t = useTexts('prove');
  const goTo = useGoTo();
  if (info.types.every(({ pictures }) => pictures === 0)) {
    return (
      <EmptyState icon={station.icon} title={t.noDefects} text={t.noDefectsText}>
        <Button look="primary" onClick={() => goTo('label')}>
          {t.toLabel}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className="prove-page">
      <Form product={product} />
      <Results product={product} />
    </div>
  );
}
