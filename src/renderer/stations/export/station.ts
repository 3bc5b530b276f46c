// The station's row in the rail.

import { lazy } from 'react';
import type { Station } from '../station.ts';

export const station: Station = {
  id: 'export',
  icon: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  key: '7',
  Page: lazy(() => import('./index.tsx')),
};
