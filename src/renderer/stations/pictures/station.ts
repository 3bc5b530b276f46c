// The station's row in the rail.

import { lazy } from 'react';
import type { Station } from '../station.ts';

export const station: Station = {
  id: 'pictures',
  icon: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.1',
  key: '1',
  Page: lazy(() => import('./index.tsx')),
};
