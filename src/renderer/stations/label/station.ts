// The station's row in the rail.

import { lazy } from 'react';
import type { Station } from '../station.ts';

export const station: Station = {
  id: 'label',
  icon: 'M4 20c1-4 3-4 4-3s1 3-4 3M8.5 16.5L19 6a1.8 1.8 0 0 0-2.6-2.6L6.5 13.5',
  key: '2',
  Page: lazy(() => import('./index.tsx')),
};
