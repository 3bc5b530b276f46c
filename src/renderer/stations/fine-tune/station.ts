// The station's row in the rail.

import { lazy } from 'react';
import type { Station } from '../station.ts';

export const station: Station = {
  id: 'fine-tune',
  icon: 'M4 18l5-6 4 3 7-9M20 6h-5M20 6v5M4 21h16',
  key: '3',
  Page: lazy(() => import('./index.tsx')),
};
