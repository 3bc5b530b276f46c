// What is photographed of each station: which workspace, and what the user has just done.

import type { Page } from 'playwright';
import { STATION_IDS, type StationId } from '../../src/renderer/stations/station.ts';

export type SceneState = 'empty' | 'working' | 'error';

export interface Scene {
  readonly station: StationId;
  readonly state: SceneState;
  readonly workspace: 'empty' | 'working' | 'damaged';
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Beside opening the station. */
const ACTS: Partial<Record<StationId, Partial<Record<SceneState, (page: Page) => Promise<void>>>>> = {
  label: { working: openDefect },
};

export const SCENES: readonly Scene[] = STATION_IDS.flatMap((station) =>
  (['empty', 'working', 'error'] as const).map((state) => ({
    station,
    state,
    workspace: state === 'error' ? ('damaged' as const) : state,
    act: ACTS[station]?.[state],
  })),
);

/** The first picture that has a mask. */
async function openDefect(page: Page): Promise<void> {
  await page.locator('.label-queue').getByText('scratch').first().click();
}
