// What a station says of itself.

import type { ComponentType, LazyExoticComponent } from 'react';

export const STATION_IDS = [
  'pictures',
  'label',
  'fine-tune',
  'generate',
  'review',
  'prove',
  'export',
] as const;
export type StationId = (typeof STATION_IDS)[number];

export interface Station {
  /** Also the area of its words; `title` there is its name. */
  readonly id: StationId;
  /** Path of a line drawing in a box of 24 by 24. */
  readonly icon: string;
  /** With Alt it leads there. */
  readonly key: string;
  /** Loaded when it is first shown. */
  readonly Page: LazyExoticComponent<ComponentType>;
}
