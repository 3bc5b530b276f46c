// The drives of this machine, looked for again and again while somebody looks.

import { useEffect } from 'react';
import { useQuery } from '../../api/index.ts';

export function useDrives(everyMs: number | null) {
  const query = useQuery(['exports', 'drives'], ({ engine, signal }) =>
    engine.exports.drives({}, { signal }),
  );
  const { reload, loading } = query;
  useEffect(() => {
    if (everyMs === null || loading) return;
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') reload();
    }, everyMs);
    return () => clearTimeout(timer);
  }, [everyMs, loading, reload]);
  return query;
}

export type Drive = NonNullable<ReturnType<typeof useDrives>['data']>['drives'][number];

/** The drive a folder lies on. */
export function driveOf(folder: string, drives: readonly Drive[]): Drive | null {
  const holds = ({ mount }: Drive): boolean => {
    const end =
      mount.endsWith('/') || mount.endsWith('\\') ? mount : mount + (mount.includes('\\') ? '\\' : '/');
    return folder === mount || folder.startsWith(end);
  };
  return drives
    .filter(holds)
    .reduce<Drive | null>((best, one) => (best && best.mount.length > one.mount.length ? best : one), null);
}
