// Choosing folders and files: by the system's dialog where there is one, else by our own over the host's listing.

import { useEffect, useState } from 'react';
import { useHost } from '../api/context.ts';
import { createStore, useStore } from '../api/store.ts';
import { useMutation } from '../api/use-mutation.ts';
import { useQuery } from '../api/use-query.ts';
import { useTexts } from '../texts/index.ts';
import { Button, IconButton } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { TextField } from './fields.tsx';
import { ICONS, Icon } from './icon.tsx';
import './picker.css';

export interface PickOptions {
  title: string;
  /** Where to begin. */
  start?: string;
}

type What = 'folder' | 'file' | 'new-file';
interface Request extends PickOptions {
  what: What;
  endings: string[];
  name: string;
  done(path: string | null): void;
}

const request = createStore<Request | null>(null);

export function pickFolder(options: PickOptions): Promise<string | null> {
  return ask({ ...options, what: 'folder', endings: [], name: '' });
}

export function pickFile(options: PickOptions & { endings: string[] }): Promise<string | null> {
  return ask({ ...options, what: 'file', name: '' });
}

/** A file or folder that does not exist yet. */
export function pickNewFile(options: PickOptions & { name: string }): Promise<string | null> {
  return ask({ ...options, what: 'new-file', endings: [] });
}

function ask(given: Omit<Request, 'done'>): Promise<string | null> {
  request.get()?.done(null);
  return new Promise((resolve) => {
    request.set({
      ...given,
      done(path) {
        request.set(null);
        resolve(path);
      },
    });
  });
}

/** Shows the dialog when one is asked for; part of the frame. */
export function Picker() {
  const asked = useStore(request);
  const about = useQuery(['about'], ({ host, signal }) => host.about({}, { signal }));
  if (asked === null || about.data === undefined) return null;
  return about.data.nativeDialogs ? <SystemPicker asked={asked} /> : <FolderDialog asked={asked} />;
}

function SystemPicker({ asked }: { asked: Request }) {
  const host = useHost();
  useEffect(() => {
    const { what, title, start, endings } = asked;
    host.folders.pick({ what, title, start, endings }).then(
      ({ path }) => asked.done(path),
      () => asked.done(null),
    );
  }, [host, asked]);
  return null;
}

function FolderDialog({ asked }: { asked: Request }) {
  const t = useTexts('common');
  const host = useHost();
  const [folder, setFolder] = useState(asked.start);
  const [typed, setTyped] = useState<string | null>(null);
  const [name, setName] = useState(asked.name);
  const [adding, setAdding] = useState<string | null>(null);
  const { data, error } = useQuery(['folders', folder, asked.endings.join()], ({ host: from, signal }) =>
    from.folders.list({ folder, endings: asked.endings }, { signal }),
  );
  const create = useMutation(async (added: string) => {
    const { path } = await host.folders.create({ parent: data!.folder, name: added });
    setAdding(null);
    go(path);
  });
  const go = (path: string): void => {
    setFolder(path);
    setTyped(null);
  };
  const choose = (): void => {
    if (data === undefined) return;
    asked.done(asked.what === 'new-file' ? joined(data.folder, name) : data.folder);
  };
  return (
    <Dialog
      title={asked.title}
      wide
      onClose={() => asked.done(null)}
      foot={
        <>
          <Button icon={ICONS.plus} onClick={() => setAdding('')}>
            {t.newFolder}
          </Button>
          <span className="grow small soft">
            {data && data.pictures > 0 && t.picturesHere(data.pictures)}
          </span>
          <Button onClick={() => asked.done(null)}>{t.cancel}</Button>
          {asked.what !== 'file' && (
            <Button
              look="primary"
              disabled={data === undefined || !!error || (asked.what === 'new-file' && name.trim() === '')}
              onClick={choose}
            >
              {asked.what === 'folder' ? t.chooseThisFolder : t.choose}
            </Button>
          )}
        </>
      }
    >
      <div className="picker">
        <nav className="picker-roots" aria-label={t.places}>
          {data?.roots.map((root) => (
            <Button key={root.path} look="quiet" icon={ICONS.folder} onClick={() => go(root.path)}>
              {root.name === '~' ? t.home : root.name}
            </Button>
          ))}
        </nav>
        <div className="picker-main">
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              if (typed) go(typed);
            }}
          >
            <IconButton
              icon={ICONS.up}
              label={t.parentFolder}
              disabled={!data?.parent}
              onClick={() => data?.parent && go(data.parent)}
            />
            <input
              className="input path"
              aria-label={t.folder}
              spellCheck={false}
              value={typed ?? data?.folder ?? folder ?? ''}
              onChange={(event) => setTyped(event.target.value)}
            />
          </form>
          {adding !== null && (
            <form
              className="row"
              onSubmit={(event) => {
                event.preventDefault();
                void create.run(adding);
              }}
            >
              <input
                className="input"
                aria-label={t.nameOfNewFolder}
                placeholder={t.nameOfNewFolder}
                autoFocus
                value={adding}
                onChange={(event) => setAdding(event.target.value)}
              />
              <Button type="submit" disabled={adding.trim() === '' || create.busy}>
                {t.create}
              </Button>
            </form>
          )}
          <ErrorNote error={create.error ?? error} />
          <ul className="picker-list" aria-label={t.content}>
            {data?.entries.map((entry) => (
              <li key={entry.path}>
                <button
                  type="button"
                  onClick={() => (entry.kind === 'file' ? asked.done(entry.path) : go(entry.path))}
                >
                  <Icon path={ICONS[entry.kind]} size={18} />
                  <span className="ellipsis">{entry.name}</span>
                  {entry.kind === 'workspace' && <span className="badge">{t.workspace}</span>}
                </button>
              </li>
            ))}
            {data && data.entries.length === 0 && <li className="soft picker-none">{t.emptyFolder}</li>}
          </ul>
          {asked.what === 'new-file' && (
            <TextField label={t.name} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function joined(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.startsWith('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name.trim() : folder + separator + name.trim();
}
