// The station Prove: does it help, and looking at pictures with a model of good parts.

import { useProduct, useStored } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState, Tabs } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import './prove.css';
import { InspectPage } from './inspect/inspect-page.tsx';
import { ProofPage } from './proof-page.tsx';
import { station } from './station.ts';

const TABS = ['proof', 'inspect'] as const;
type Tab = (typeof TABS)[number];

export default function Page() {
  const t = useTexts('prove');
  const goTo = useGoTo();
  const { product, info } = useProduct();
  const [tab, setTab] = useStored<Tab>('prove.tab', 'proof');
  if (product === undefined || info === undefined) {
    return (
      <EmptyState icon={station.icon} title={t.noPictures} text={t.noPicturesText}>
        <Button look="primary" onClick={() => goTo('pictures')}>
          {t.toPictures}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className="prove">
      <Tabs
        label={t.title}
        value={tab}
        options={TABS.map((value) => ({ value, label: t.tabs[value] }))}
        onValue={setTab}
      >
        {tab === 'proof' ? (
          <ProofPage key={product} product={product} info={info} />
        ) : (
          <InspectPage key={product} product={product} />
        )}
      </Tabs>
    </div>
  );
}
