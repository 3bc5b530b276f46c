// The station's row in the rail.

import { lazy } from 'react';
import type { Station } from '../station.ts';

export const station: Station = {
  id: 'review',
  icon: 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5',
  key: '5',
  Page: lazy(() => import('./index.tsx')),
};
