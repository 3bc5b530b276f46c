// The station Export: what, where, go; then its progress and what came of it; earlier exports below.

import { useState } from 'react';
import { type ProductInfo, startJob, useEngine, useMutation, useProduct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, EmptyState, ErrorNote, ICONS, Icon, useKeys } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import './export.css';
import { contentsOf, type ExportInput, suggestedName, useChoice } from './choice.ts';
import { Done } from './done.tsx';
import { Earlier } from './earlier.tsx';
import { Go, isReady, usePreflight } from './go.tsx';
import { Progress } from './progress.tsx';
import { station } from './station.ts';
import { useLast } from './use-last.ts';
import { useSettled } from './use-settled.ts';
import { What } from './what.tsx';
import { Where } from './where.tsx';

export default function Page() {
  const t = useTexts('export');
  const goTo = useGoTo();
  const { product, info } = useProduct();
  if (product === undefined || info === undefined) {
    return (
      <EmptyState icon={station.icon} title={t.noPictures} text={t.noPicturesText}>
        <Button look="primary" onClick={() => goTo('pictures')}>
          {t.toPictures}
        </Button>
      </EmptyState>
    );
  }
  return <Station key={product} product={product} info={info} />;
}

function Station({ product, info }: { product: string; info: ProductInfo }) {
  const last = useLast(product);
  const { begun, fate } = last;
  return (
    <div className="export">
      {fate.state === 'running' ? (
        <Progress job={fate.job} />
      ) : fate.state === 'done' ? (
        <Done
          job={fate.job}
          folder={String(fate.job.input.out)}
          mount={begun?.mount ?? null}
          onNext={last.forget}
        />
      ) : fate.state === 'complete' && begun !== null ? (
        <Done job={null} folder={begun.input.out} mount={begun.mount} onNext={last.forget} />
      ) : (
        <Steps product={product} info={info} last={last} />
      )}
      <Earlier product={product} />
    </div>
  );
}

interface StepsProps {
  product: string;
  info: ProductInfo;
  last: ReturnType<typeof useLast>;
}

function Steps({ product, info, last }: StepsProps) {
  const t = useTexts('export');
  const engine = useEngine();
  const [choice, change] = useChoice(product, info.generated.accepted);
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? suggestedName(product, choice.format);
  const types = info.types.map((type) => type.name);
  const contents = contentsOf(choice, product, types);
  // A large set is not looked at again for every letter.
  const settled = useSettled(name);
  const preflight = usePreflight(contents, choice.parent, settled);
  const start = useMutation(async (input: ExportInput, mount: string | null) => {
    const at = Date.now();
    const job = await startJob(engine, { method: 'exports.export', input });
    last.begin({ job, at, input, mount });
  });
  const go = (): void => {
    const { data } = preflight;
    if (!isReady(data) || settled !== name) return;
    const mount = data.drive?.removable ? data.drive.mount : null;
    void start.run({ ...contents, out: data.out }, mount);
  };
  useKeys(t.title, [{ keys: 'Mod+Enter', title: t.start, run: go }]);
  return (
    <>
      <Before last={last} onAgain={(input, mount) => void start.run(input, mount)} />
      <div className="export-steps">
        <What choice={choice} change={change} info={info} />
        <Where
          parent={choice.parent}
          onParent={(parent) => change({ parent })}
          name={name}
          onName={setTyped}
        />
        <Go
          preflight={preflight}
          busy={start.busy || settled !== name}
          error={start.error}
          onName={setTyped}
          onStart={go}
        />
      </div>
    </>
  );
}

interface BeforeProps {
  last: ReturnType<typeof useLast>;
  onAgain(input: ExportInput, mount: string | null): void;
}

/** What became of the export before, where it did not end well. */
function Before({ last: { begun, fate, forget }, onAgain }: BeforeProps) {
  const t = useTexts('export');
  if (begun === null || fate.state === 'none') return null;
  const again = (
    <>
      <Button onClick={() => onAgain(begun.input, begun.mount)}>{t.again}</Button>
      <Button look="quiet" onClick={forget}>
        {t.hide}
      </Button>
    </>
  );
  if (fate.state === 'failed') {
    return (
      <div className="export-before">
        <ErrorNote error={fate.job.error} />
        <div className="toolbar">{again}</div>
      </div>
    );
  }
  const interrupted = fate.state === 'interrupted';
  return (
    <div className={interrupted ? 'note warn' : 'note info'} role="status">
      <Icon path={interrupted ? ICONS.warn : ICONS.stop} />
      <div className="grow">
        <div className="note-title">{interrupted ? t.interrupted : t.stopped}</div>
        {interrupted && t.interruptedText(begun.input.out)}
      </div>
      {again}
    </div>
  );
}
