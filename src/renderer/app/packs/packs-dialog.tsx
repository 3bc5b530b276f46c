// The base packs of the workspace: what there is, adding one where it lies, looking into it, forgetting it.

import { useEffect, useState } from 'react';
import { useConnection } from '../../api/context.ts';
import { isRunning, startJob, useJob } from '../../api/jobs.ts';
import { invalidate } from '../../api/query-cache.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { useTexts } from '../../texts/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { ICONS, Icon } from '../../ui/icon.tsx';
import { pickFile, pickFolder } from '../../ui/picker.tsx';
import { Badge, ProgressBar } from '../../ui/small.tsx';
import { toast } from '../../ui/toast.tsx';
import { PackAboutPane } from './pack-about.tsx';
import './packs.css';

const ENDINGS = ['.safetensors'];
const EMBEDDED = 'embedded';

export function PacksDialog({ onClose }: { onClose(): void }) {
  const t = useTexts('packs');
  const { engine } = useConnection();
  const { data, error } = useQuery(['packs', 'list'], ({ engine: from, signal }) =>
    from.packs.list({}, { signal }),
  );
  const [chosen, setChosen] = useState(EMBEDDED);
  const [job, setJob] = useState<string | null>(null);
  const add = useMutation(async (path: string) =>
    setJob(await startJob(engine, { method: 'packs.add', input: { path } })),
  );
  const forget = useMutation(async (name: string) => {
    const { path } = await engine.packs.remove({ name });
    setChosen(EMBEDDED);
    invalidate('packs');
    toast({ text: t.forgotten(name, path) });
  });
  const packs = data?.packs ?? [];
  const nameOf = (pack: (typeof packs)[number]): string => (pack.kind === EMBEDDED ? EMBEDDED : pack.name);
  const current = packs.find((pack) => nameOf(pack) === chosen);

  const choose = async (what: 'folder' | 'file'): Promise<void> => {
    const path =
      what === 'folder'
        ? await pickFolder({ title: t.pickFolder })
        : await pickFile({ title: t.pickFile, endings: ENDINGS });
    if (path !== null) await add.run(path);
  };

  return (
    <Dialog
      title={t.title}
      wide
      onClose={onClose}
      foot={
        <>
          <Button icon={ICONS.folder} onClick={() => choose('folder')}>
            {t.addFolder}
          </Button>
          <Button icon={ICONS.file} onClick={() => choose('file')}>
            {t.addFile}
          </Button>
          <span className="grow" />
          {current?.kind === 'folder' && (
            <Button disabled={forget.busy} onClick={() => forget.run(current.name)}>
              {t.forget(current.name)}
            </Button>
          )}
        </>
      }
    >
      <p className="soft">{t.lead}</p>
      <ErrorNote error={error ?? add.error ?? forget.error} />
      <Adding id={job} onAdded={setChosen} />
      <div className="packs">
        <ul className="packs-list" aria-label={t.title}>
          {packs.map((pack) => (
            <li key={`${pack.kind} ${pack.name}`}>
              <button
                type="button"
                aria-pressed={nameOf(pack) === chosen}
                onClick={() => setChosen(nameOf(pack))}
              >
                <Icon path={pack.problem === null ? ICONS.file : ICONS.warn} size={18} />
                <span className="grow">
                  <strong>{pack.name}</strong>
                  <span className="small soft">{pack.problem ?? pack.what ?? t.windowPack}</span>
                </span>
                <Badge tone={pack.problem === null ? undefined : 'bad'}>
                  {pack.problem === null ? t.where[pack.kind] : t.unusable}
                </Badge>
              </button>
            </li>
          ))}
        </ul>
        {current !== undefined && current.problem === null && <PackAboutPane key={chosen} name={chosen} />}
      </div>
    </Dialog>
  );
}

/** A model of some gigabytes takes a while to read; it goes on when the dialog is closed. */
function Adding({ id, onAdded }: { id: string | null; onAdded(name: string): void }) {
  const t = useTexts('packs');
  const job = useJob(id);
  const added = (job?.result as { pack?: { name?: string } } | null | undefined)?.pack?.name;
  useEffect(() => {
    if (added === undefined) return;
    invalidate('packs');
    onAdded(added);
  }, [added, onAdded]);
  if (job === null) return null;
  if (job.error !== null) return <ErrorNote error={job.error} />;
  if (!isRunning(job)) return null;
  const { done = 0, total = 0 } = job.progress ?? {};
  return (
    <div className="stack" role="status">
      <span>{t.adding}</span>
      <ProgressBar label={t.adding} done={done} total={total} />
    </div>
  );
}
