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
  // What these show takes the engine a moment.
  review: { working: waitForEngine },
  prove: { working: waitForEngine },
  export: { working: waitForEngine },
};
const ENGINE_MS = 6000;

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

function waitForEngine(page: Page): Promise<void> {
  return page.waitForTimeout(ENGINE_MS);
}

/** The six of the README: none shows a path of the PC it was taken on. */
export const README_SCENES: readonly (Scene & { readonly name: string })[] = [
  { ...workingScene('pictures'), name: 'pictures', act: (page) => page.keyboard.press('s') },
  { ...workingScene('label'), name: 'label' },
  { ...workingScene('fine-tune'), name: 'fine-tune' },
  { ...workingScene('generate'), name: 'generate' },
  { ...workingScene('review'), name: 'review', act: (page) => reviewAs(page, 'One by one') },
  { ...workingScene('review'), name: 'survey', act: (page) => reviewAs(page, 'Survey') },
];

function workingScene(id: StationId): Scene {
  return SCENES.find(({ station, state }) => station === id && state === 'working')!;
}

async function reviewAs(page: Page, mode: string): Promise<void> {
  await page.getByRole('radio', { name: mode }).click();
  await page.waitForTimeout(4 * ENGINE_MS);
}
