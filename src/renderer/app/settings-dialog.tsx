// Settings of the window, the way to the base packs, and closing the workspace.

import { useHost, useHostState } from '../api/context.ts';
import { invalidate } from '../api/query-cache.ts';
import { useQuery } from '../api/use-query.ts';
import { useTexts } from '../texts/index.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/fields.tsx';
import { showError } from '../ui/toast.tsx';

const THEMES = ['system', 'dark', 'light'] as const;
const LANGUAGES = ['system', 'en', 'de'] as const;

export function SettingsDialog({ onPacks, onClose }: { onPacks(): void; onClose(): void }) {
  const t = useTexts('app');
  const packs = useTexts('packs');
  const host = useHost();
  const state = useHostState();
  const { data } = useQuery(['settings'], ({ host: from, signal }) => from.settings.get({}, { signal }));
  const put = (change: Parameters<typeof host.settings.put>[0]): void => {
    host.settings.put(change).then(() => invalidate('settings'), showError);
  };
  return (
    <Dialog title={t.settings} onClose={onClose}>
      <div className="stack settings">
        <Select
          label={t.theme}
          value={data?.theme ?? 'system'}
          options={THEMES.map((value) => ({ value, label: t.themes[value] }))}
          onValue={(theme) => put({ theme })}
        />
        <Select
          label={t.language}
          value={data?.language ?? 'system'}
          options={LANGUAGES.map((value) => ({ value, label: t.languages[value] }))}
          onValue={(language) => put({ language })}
        />
        <div className="stack">
          <h3>{packs.title}</h3>
          <div>
            <Button onClick={onPacks}>{packs.open}</Button>
          </div>
        </div>
        <div className="stack">
          <h3>{t.workspace}</h3>
          <div className="path">{state?.workspace?.folder}</div>
          <div>
            <Button onClick={() => host.workspaces.close({}).catch(showError)}>{t.closeWorkspace}</Button>
          </div>
        </div>
      </div>
    </Dialog>
  );
}
