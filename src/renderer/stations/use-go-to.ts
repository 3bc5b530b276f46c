// Leading the user from one station to another.

import { useCallback } from 'react';
import { useStored } from '../api/workspace.ts';
import type { StationId } from './station.ts';

export function useGoTo(): (id: StationId) => void {
  const [, store] = useStored<string>('station', 'pictures');
  return useCallback((id: StationId) => store(id), [store]);
}
