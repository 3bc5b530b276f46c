// Tells that the engine is being restarted, that it cannot be, or that another window is open.

import { useHost, useHostState } from '../api/context.ts';
import { useMutation } from '../api/use-mutation.ts';
import { useTexts } from '../texts/index.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote, ErrorWords } from '../ui/error-note.tsx';
import { ICONS, Icon } from '../ui/icon.tsx';

export function EngineBanner() {
  const t = useTexts('app');
  const host = useHost();
  const state = useHostState();
  const again = useMutation((folder: string) => host.workspaces.open({ folder, create: false }));
  if (state === null || state.workspace === null) return null;
  const { engine, workspace, error, windows } = state;
  if (engine === 'failed') {
    return (
      <div className="note" role="alert">
        <Icon path={ICONS.warn} />
        <div className="grow stack">
          <div className="note-title">{t.failed}</div>
          <ErrorWords error={error} />
          <ErrorNote error={again.error} />
        </div>
        <Button disabled={again.busy} onClick={() => again.run(workspace.folder)}>
          {t.openAgain}
        </Button>
      </div>
    );
  }
  if (engine !== 'ready') {
    return (
      <div className="note warn engine-passing" role="status">
        <Icon path={ICONS.warn} />
        <div className="grow">{engine === 'restarting' ? t.restarting : t.starting}</div>
      </div>
    );
  }
  if (windows < 2) return null;
  return (
    <div className="note info" role="status">
      <Icon path={ICONS.workspace} />
      <div className="grow">{t.windows(windows)}</div>
    </div>
  );
}
