// The station's row in the rail.

import { lazy } from 'react';
import type { Station } from '../station.ts';

export const station: Station = {
  id: 'prove',
  icon: 'M5 20V11M12 20V4M19 20v-6M3 20h18',
  key: '6',
  Page: lazy(() => import('./index.tsx')),
};
