// The station Pictures: bringing photos in, and looking at all that are there.

import { useEffect, useRef } from 'react';
import { isRunning, startJob, useEngine, useJobs, useProduct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import {
  Button,
  Dialog,
  EmptyState,
  ICONS,
  ProgressBar,
  pickFolder,
  showError,
  useKeys,
} from '../../ui/index.ts';
import { Browser } from './browser.tsx';
import { ImportDialog } from './import-dialog.tsx';
import './pictures.css';
import { station } from './station.ts';
import { type Sending, useDrop } from './use-drop.ts';
import { usePrepare } from './use-prepare.ts';

const SAMPLE_SEED = 0;

export default function PicturesPage() {
  const t = useTexts('pictures');
  const engine = useEngine();
  const { info } = useProduct();
  const drops = useDrop();
  const jobs = useJobs();
  const arriving = jobs.some((job) => isRunning(job) && job.method.startsWith('datasets.'));
  const letGo = useLetGo();
  const choose = async (): Promise<void> => {
    const path = await pickFolder({ title: t.pickSource });
    if (path !== null) drops.open(path);
  };
  useKeys(t.title, [{ keys: 'I', title: t.import, run: () => void choose() }]);
  const trySample = (): void => {
    startJob(engine, { method: 'datasets.sample', input: { seed: SAMPLE_SEED } }).catch(showError);
  };
  return (
    <section className={drops.over ? 'pictures over' : 'pictures'} aria-label={t.title} {...drops.handlers}>
      {info !== undefined ? (
        <Prepared key={info.name} product={info.name} onImport={() => void choose()} />
      ) : (
        <EmptyState icon={station.icon} title={arriving ? t.arriving : t.emptyTitle} text={t.emptyText}>
          {!arriving && (
            <>
              <Button look="primary" large icon={ICONS.folder} onClick={() => void choose()}>
                {t.choose}
              </Button>
              <Button onClick={trySample}>{t.sample}</Button>
            </>
          )}
        </EmptyState>
      )}
      {drops.over && (
        <div className="pictures-drop" aria-hidden="true">
          {t.dropHere}
        </div>
      )}
      {drops.sending !== null && <SendingDialog sending={drops.sending} onCancel={drops.cancel} />}
      {drops.sending === null && drops.source !== null && (
        <ImportDialog
          key={drops.source.path}
          source={drops.source}
          onClose={(begun) => {
            letGo(begun, drops.source!.done);
            drops.close();
          }}
        />
      )}
    </section>
  );
}

function Prepared({ product, onImport }: { product: string; onImport(): void }) {
  usePrepare(product);
  return <Browser product={product} onImport={onImport} />;
}

function SendingDialog({ sending: { name, done, total }, onCancel }: { sending: Sending; onCancel(): void }) {
  const t = useTexts('pictures');
  const common = useTexts('common');
  return (
    <Dialog
      title={t.sending(name)}
      onClose={onCancel}
      foot={<Button onClick={onCancel}>{common.cancel}</Button>}
    >
      <div className="stack" role="status">
        <span>{t.sent(done, total)}</span>
        <ProgressBar label={t.sending(name)} done={done} total={total} />
        <p className="small soft">{t.sendingWhy}</p>
      </div>
    </Dialog>
  );
}

/** Lets go of what was sent for an import when its jobs have ended, at once where there are none. */
function useLetGo(): (jobs: readonly string[], done: () => void) => void {
  const held = useRef<{ jobs: readonly string[]; done: () => void }[]>([]);
  const jobs = useJobs();
  useEffect(() => {
    const runs = (id: string): boolean => jobs.some((job) => job.id === id && isRunning(job));
    const known = (id: string): boolean => jobs.some((job) => job.id === id);
    held.current = held.current.filter((entry) => {
      const over = entry.jobs.every((id) => known(id) && !runs(id));
      if (over) entry.done();
      return !over;
    });
  }, [jobs]);
  return (begun, done) => {
    if (begun.length === 0) done();
    else held.current.push({ jobs: begun, done });
  };
}
