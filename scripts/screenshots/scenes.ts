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
  label: { working: paintStroke },
};

export const SCENES: readonly Scene[] = STATION_IDS.flatMap((station) =>
  (['empty', 'working', 'error'] as const).map((state) => ({
    station,
    state,
    workspace: state === 'error' ? ('damaged' as const) : state,
    act: ACTS[station]?.[state],
  })),
);

async function paintStroke(page: Page): Promise<void> {
  const canvas = page.getByRole('application');
  const box = await canvas.boundingBox();
  if (box === null) return;
  await page.mouse.move(box.x + 0.45 * box.width, box.y + 0.45 * box.height);
  await page.mouse.down();
  for (let i = 0; i <= 20; i++)
    await page.mouse.move(
      box.x + (0.45 + 0.006 * i) * box.width,
      box.y + (0.45 + 0.1 * Math.sin(i / 5)) * box.height,
    );
  await page.mouse.up();
}
