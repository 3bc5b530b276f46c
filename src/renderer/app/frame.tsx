// The frame around the stations: rail, strip, station, job bar.

import { Suspense, useEffect, useState } from 'react';
import { useHostState } from '../api/context.ts';
import { STATIONS } from '../stations/index.ts';
import { useTexts } from '../texts/index.ts';
import { type KeyAction, useKeys } from '../ui/keys.ts';
import { showError, toast } from '../ui/toast.tsx';
import { step, UndoScope } from '../ui/undo.tsx';
import { EngineBanner } from './engine-banner.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { JobBar } from './job-bar.tsx';
import { useStation } from './navigation.ts';
import { PacksDialog } from './packs/packs-dialog.tsx';
import { Rail } from './rail.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { StationBoundary } from './station-boundary.tsx';
import { useStationNames } from './station-names.ts';
import { TopStrip } from './top-strip.tsx';
import { useJobEnds } from './use-job-ends.ts';

type Sheet = 'help' | 'settings' | 'packs' | null;

export function Frame() {
  const t = useTexts('app');
  const names = useStationNames();
  const [station, go] = useStation();
  const [sheet, setSheet] = useState<Sheet>(null);
  const folder = useHostState()?.workspace?.folder;
  useJobEnds();

  const takeBack = async (way: 'undo' | 'redo'): Promise<void> => {
    const taken = await step(station, way);
    const said = way === 'undo' ? t.undone : t.redone;
    if (taken !== null) toast({ text: said(taken.label) });
  };
  const keys: KeyAction[] = [
    ...STATIONS.map(({ id, key }) => ({ keys: `Alt+${key}`, title: t.goTo(names(id)), run: () => go(id) })),
    { keys: 'Mod+Z', title: t.undo, run: () => void takeBack('undo').catch(showError) },
    { keys: 'Mod+Shift+Z Mod+Y', title: t.redo, run: () => void takeBack('redo').catch(showError) },
    { keys: '?', title: t.keys, run: () => setSheet('help') },
    { keys: 'Mod+,', title: t.settings, run: () => setSheet('settings') },
  ];
  useKeys(t.frame, keys);
  useEffect(() => {
    document.title = `${names(station)} · Flawsmith`;
  }, [names, station]);

  const current = STATIONS.find(({ id }) => id === station)!;
  return (
    <div className="frame">
      <a className="skip" href="#station">
        {t.skip}
      </a>
      <Rail current={station} onGo={go} />
      <TopStrip onGo={go} onHelp={() => setSheet('help')} onSettings={() => setSheet('settings')} />
      <main id="station" className="station" tabIndex={-1} aria-label={names(station)}>
        <EngineBanner />
        <div className="station-page">
          <StationBoundary key={`${folder} ${station}`}>
            <UndoScope value={station}>
              <Suspense fallback={<div className="opening" aria-busy="true" />}>
                <current.Page />
              </Suspense>
            </UndoScope>
          </StationBoundary>
        </div>
      </main>
      <JobBar />
      {sheet === 'help' && <HelpSheet onClose={() => setSheet(null)} />}
      {sheet === 'settings' && (
        <SettingsDialog onPacks={() => setSheet('packs')} onClose={() => setSheet(null)} />
      )}
      {sheet === 'packs' && <PacksDialog onClose={() => setSheet(null)} />}
    </div>
  );
}
