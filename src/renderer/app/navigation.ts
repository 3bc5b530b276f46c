// Which station is on screen. It is remembered per workspace.

import { useCallback } from 'react';
import { useStored } from '../api/workspace.ts';
import { STATION_IDS, type StationId } from '../stations/station.ts';

export function useStation(): [StationId, (id: StationId) => void] {
  const [stored, store] = useStored<string>('station', 'pictures');
  const go = useCallback((id: StationId) => store(id), [store]);
  return [STATION_IDS.find((id) => id === stored) ?? 'pictures', go];
}
