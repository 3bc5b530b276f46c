// The station Pictures: bringing photos in, and looking at all that are there.

import { type DragEvent, useState } from 'react';
import { isRunning, startJob, useDroppedPath, useEngine, useJobs, useProduct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import {
  Badge,
  Button,
  EmptyState,
  ErrorNote,
  ICONS,
  Picture,
  pickFolder,
  showError,
  Toolbar,
  toast,
  useKeys,
  VirtualGrid,
} from '../../ui/index.ts';
import { Detail } from './detail.tsx';
import { Filters } from './filters.tsx';
import { ImportDialog } from './import-dialog.tsx';
import './pictures.css';
import { station } from './station.ts';
import { type PictureFilter, usePages } from './use-pages.ts';

const CELL = { width: 168, height: 196 };
const SAMPLE_SEED = 0;

export default function PicturesPage() {
  const t = useTexts('pictures');
  const engine = useEngine();
  const { info } = useProduct();
  const [source, setSource] = useState<string | null>(null);
  const arriving = useJobs().some((job) => isRunning(job) && job.method.startsWith('datasets.'));
  const pathOf = useDroppedPath();
  const choose = async (): Promise<void> => setSource(await pickFolder({ title: t.pickSource }));
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    const path = file === undefined ? null : pathOf(file);
    if (path === null) toast({ text: t.dropHidden, action: { label: t.choose, run: choose } });
    else setSource(path);
  };
  useKeys(t.title, [{ keys: 'I', title: t.import, run: () => void choose() }]);
  const trySample = (): void => {
    startJob(engine, { method: 'datasets.sample', input: { seed: SAMPLE_SEED } }).catch(showError);
  };
  return (
    <section
      className="pictures"
      aria-label={t.title}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {info !== undefined ? (
        <Browser key={info.name} onImport={choose} />
      ) : (
        <EmptyState icon={station.icon} title={arriving ? t.arriving : t.emptyTitle} text={t.emptyText}>
          {!arriving && (
            <>
              <Button look="primary" large icon={ICONS.folder} onClick={choose}>
                {t.choose}
              </Button>
              <Button onClick={trySample}>{t.sample}</Button>
            </>
          )}
        </EmptyState>
      )}
      {source !== null && <ImportDialog source={source} onClose={() => setSource(null)} />}
    </section>
  );
}

function Browser({ onImport }: { onImport(): void }) {
  const t = useTexts('pictures');
  const { info } = useProduct();
  const [filter, setFilter] = useState<PictureFilter>({});
  const [focused, setFocused] = useState(0);
  const pages = usePages(info?.name, filter);
  const picture = pages.at(focused);
  if (info === undefined) return null;
  const show = (next: PictureFilter): void => {
    setFilter(next);
    setFocused(0);
  };
  return (
    <>
      <div className="pictures-bar">
        <Toolbar label={t.show}>
          <Filters product={info} filter={filter} onFilter={show} />
        </Toolbar>
        <Button icon={ICONS.plus} onClick={onImport}>
          {t.import}
        </Button>
      </div>
      <ErrorNote error={pages.error} />
      <div className="pictures-main">
        {pages.total === 0 ? (
          <p className="soft padded">{t.noneMatch}</p>
        ) : (
          <VirtualGrid
            label={t.title}
            count={pages.total ?? 0}
            cell={CELL}
            focused={focused}
            onFocus={setFocused}
            onRange={pages.want}
            render={(index, isFocused) => <Cell picture={pages.at(index)} focused={isFocused} />}
          />
        )}
        {picture !== undefined && <Detail picture={picture} />}
      </div>
    </>
  );
}

function Cell({
  picture,
  focused,
}: {
  picture: ReturnType<ReturnType<typeof usePages>['at']>;
  focused: boolean;
}) {
  const t = useTexts('pictures');
  if (picture === undefined) return <div className="pictures-cell pictures-waiting" />;
  const { id, file, role, type } = picture;
  return (
    <div className={focused ? 'pictures-cell focused' : 'pictures-cell'}>
      <Picture of={{ kind: 'picture', id }} size={256} alt={file} />
      <div className="row small">
        <span className="ellipsis grow" title={file}>
          {file.slice(file.lastIndexOf('/') + 1)}
        </span>
        <Badge tone={role === 'normal' ? 'good' : undefined}>{type ?? t.roles[role]}</Badge>
      </div>
    </div>
  );
}
