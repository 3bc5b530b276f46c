// An export that is there: what was verified, and letting go of the drive.

import { type ReactNode, useEffect, useState } from 'react';
import { invalidate, type JobInfo, useEngine, useHost, useMutation, useQuery } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ICONS, Icon } from '../../ui/index.ts';
import { formatBytes } from './format-bytes.ts';
import { OK } from './go.tsx';
import { useDrives } from './use-drives.ts';

interface Result {
  folder: string;
  files: number;
  bytes: number;
  generated: number;
  real: number;
  fromDrive: boolean;
  readBack: { masks: number; exactMasks: number; minIou: number | null };
}

interface DoneProps {
  /** Null where the engine went away before it could say. */
  job: JobInfo | null;
  folder: string;
  mount: string | null;
  onNext(): void;
}

const EJECT = 'M12 4l7 9H5zM5 19h14';

export function Done({ job, folder, mount, onNext }: DoneProps) {
  const t = useTexts('export');
  const result = job?.result as Result | null | undefined;
  return (
    <section className="export-work" aria-labelledby="export-done">
      <h2 id="export-done" className="export-good">
        <Icon path={OK} size={28} />
        {result ? t.done : t.doneLate}
      </h2>
      <p className="path">{folder}</p>
      {result ? <Facts result={result} /> : <p>{t.doneLateText}</p>}
      {mount !== null && <LetGo mount={mount} />}
      <div className="toolbar">
        <Show folder={folder} />
        <Button look={mount === null ? 'primary' : undefined} onClick={onNext}>
          {t.next}
        </Button>
      </div>
    </section>
  );
}

function Facts({ result }: { result: Result }) {
  const t = useTexts('export');
  const language = useLanguage();
  const number = (value: number): string => value.toLocaleString(language);
  const { files, bytes, generated, real, fromDrive, readBack } = result;
  const { masks, exactMasks, minIou } = readBack;
  const percent = (minIou ?? 1).toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <ul className="export-facts">
      <Fact>
        {t.contains(number(generated), number(real))}. {t.wrote(number(files), formatBytes(bytes, language))}.
      </Fact>
      <Fact>{fromDrive ? t.readFromDrive : t.readFromMemory}</Fact>
      {masks > 0 && (
        <Fact>
          {exactMasks === masks
            ? t.masksExact(number(masks))
            : t.masksNear(number(exactMasks), number(masks), percent)}
        </Fact>
      )}
      {generated > 0 && <Fact>{t.synthetic}</Fact>}
      <Fact>{t.sums}</Fact>
    </ul>
  );
}

function Fact({ children }: { children: ReactNode }) {
  return (
    <li>
      <Icon path={OK} size={18} />
      <span>{children}</span>
    </li>
  );
}

const LOOK_MS = 1500;

/** "Now eject it" until the system shows the drive no more. */
function LetGo({ mount }: { mount: string }) {
  const t = useTexts('export');
  const engine = useEngine();
  const drives = useDrives(LOOK_MS);
  const [answer, setAnswer] = useState<{ gone: boolean; reason: string | null } | null>(null);
  const eject = useMutation(async () => {
    setAnswer(await engine.exports.eject({ mount }));
    drives.reload();
  });
  const gone = drives.data !== undefined && !drives.data.drives.some((drive) => drive.mount === mount);
  useEffect(() => {
    if (gone) invalidate('exports', 'earlier');
  }, [gone]);
  if (drives.data === undefined) return null;
  if (gone) {
    return (
      <div className="export-safe" role="status">
        <Icon path={OK} size={28} />
        <div>
          <strong>{t.safe}</strong>
          <div>{t.safeText}</div>
        </div>
      </div>
    );
  }
  return (
    <div className="export-eject">
      <Icon path={EJECT} size={28} />
      <div className="grow">
        <strong>{eject.busy ? t.ejecting : t.nowEject}</strong>
        <div>{answer?.gone === false ? t.ejectFailed : t.nowEjectText}</div>
        {answer?.reason && <div className="small soft">{answer.reason}</div>}
        <ErrorNote error={eject.error} />
      </div>
      <Button look="primary" disabled={eject.busy} onClick={() => void eject.run()}>
        {t.eject}
      </Button>
    </div>
  );
}

function Show({ folder }: { folder: string }) {
  const t = useTexts('export');
  const host = useHost();
  const about = useQuery(['about'], ({ host: from, signal }) => from.about({}, { signal }));
  const show = useMutation(() => host.folders.reveal({ path: folder }));
  if (!about.data?.canReveal) return null;
  return (
    <>
      <Button icon={ICONS.folder} onClick={() => void show.run()}>
        {t.show}
      </Button>
      <ErrorNote error={show.error} />
    </>
  );
}
