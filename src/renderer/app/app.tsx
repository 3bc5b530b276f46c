// What is shown: the first page, the opening, or the open workspace with its stations.

import { useEffect } from 'react';
import { useConnection, useHostState } from '../api/context.ts';
import { invalidate } from '../api/query-cache.ts';
import { useStore } from '../api/store.ts';
import { useRemembered } from '../api/workspace.ts';
import { useTexts } from '../texts/index.ts';
import { listenToKeys } from '../ui/keys.ts';
import { Picker } from '../ui/picker.tsx';
import { Toasts } from '../ui/toast.tsx';
import './app.css';
import { Frame } from './frame.tsx';
import { StartPage } from './start-page.tsx';
import { useAppearance } from './use-appearance.ts';

export function App() {
  const { hostThere } = useConnection();
  const there = useStore(hostThere);
  const state = useHostState();
  useEffect(listenToKeys, []);
  useAppearance();
  useEffect(() => {
    if (state?.generation) invalidate();
  }, [state?.generation]);
  return (
    <>
      {state !== null && <Page />}
      {state !== null && !there && <HostGone />}
      <Picker />
      <Toasts />
    </>
  );
}

function Page() {
  const state = useHostState();
  const remembered = useRemembered();
  // The first page stays while a workspace is opened, so that it can say why it was not.
  if (state?.workspace == null || state.engine === 'none' || state.engine === 'starting')
    return <StartPage />;
  // What the workspace remembers is there within a moment of its engine.
  if (!remembered) return <Opening />;
  return <Frame />;
}

function Opening() {
  const t = useTexts('app');
  return (
    <main className="opening" aria-busy="true">
      <p role="status">{t.starting}</p>
    </main>
  );
}

function HostGone() {
  const t = useTexts('app');
  return (
    <div className="banner bad" role="alert">
      {t.hostGone}
    </div>
  );
}
