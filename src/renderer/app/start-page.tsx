// The first page: the sample product, a new workspace, or one from before.

import { useConnection, useHost, useHostState } from '../api/context.ts';
import { startJob } from '../api/jobs.ts';
import { useMutation } from '../api/use-mutation.ts';
import { useQuery } from '../api/use-query.ts';
import { useTexts } from '../texts/index.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { ICONS, Icon } from '../ui/icon.tsx';
import { pickFolder, pickNewFile } from '../ui/picker.tsx';
import { showError } from '../ui/toast.tsx';

const SAMPLE_SEED = 0;

export function StartPage() {
  const t = useTexts('start');
  const host = useHost();
  const { engine } = useConnection();
  const { data, error } = useQuery(['recent'], ({ host: from, signal }) =>
    from.workspaces.recent({}, { signal }),
  );
  const open = useMutation((folder: string, create: boolean) => host.workspaces.open({ folder, create }));

  const busy = useHostState()?.engine === 'starting' || open.busy;

  const trySample = async (): Promise<void> => {
    if (data === undefined || (await open.run(data.suggestedFolder, true)) === undefined) return;
    startJob(engine, { method: 'datasets.sample', input: { seed: SAMPLE_SEED } }).catch(showError);
  };
  const create = async (): Promise<void> => {
    const folder = await pickNewFile({ title: t.pickNew, name: t.newName });
    if (folder !== null) await open.run(folder, true);
  };
  const openOther = async (): Promise<void> => {
    const folder = await pickFolder({ title: t.pickOpen });
    if (folder !== null) await open.run(folder, false);
  };

  return (
    <main className="start" aria-busy={busy}>
      <div className="start-inner">
        <header className="stack">
          <h1>{t.title}</h1>
          <p className="start-lead">{t.lead}</p>
        </header>
        <ErrorNote error={open.error ?? error} />
        <section className="start-sample">
          <div className="grow stack">
            <p>{t.sampleAbout}</p>
            {data && <div className="path soft">{data.suggestedFolder}</div>}
          </div>
          <Button look="primary" large disabled={busy || data === undefined} onClick={trySample}>
            {busy ? t.opening : t.sample}
          </Button>
        </section>
        <div className="start-others">
          <section>
            <Button icon={ICONS.plus} disabled={busy} onClick={create}>
              {t.create}
            </Button>
            <p className="soft">{t.createAbout}</p>
          </section>
          <section>
            <Button icon={ICONS.folder} disabled={busy} onClick={openOther}>
              {t.open}
            </Button>
            <p className="soft">{t.openAbout}</p>
          </section>
        </div>
        {data !== undefined && data.workspaces.length > 0 && (
          <section className="stack">
            <h2>{t.recent}</h2>
            <ul className="start-recent">
              {data.workspaces.map(({ folder, name, openedAt }) => (
                <li key={folder}>
                  <button type="button" disabled={busy} onClick={() => open.run(folder, false)}>
                    <Icon path={ICONS.workspace} />
                    <span className="grow">
                      <strong>{name}</strong>
                      <span className="path soft">{folder}</span>
                    </span>
                    <span className="small soft">{new Date(openedAt).toLocaleString()}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </main>
  );
}
