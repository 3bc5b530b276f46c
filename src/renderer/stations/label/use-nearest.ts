// The normal picture most like this one, and showing the two in turn.

import { useEffect, useState } from 'react';
import { useQuery } from '../../api/index.ts';

/** Slow enough for every eye: less than three changes a second. */
const BLINK_MS = 550;

/** `shown` alternates while blinking is on. */
export function useNearest(
  picture: string | null,
  isOn: boolean,
): { nearest: string | null; isNone: boolean; shown: boolean } {
  const { data } = useQuery(['labels', 'nearest', picture, isOn], ({ engine, signal }) =>
    picture === null || !isOn
      ? Promise.resolve({ picture: null })
      : engine.labels.nearest({ picture }, { signal }),
  );
  const nearest = isOn ? (data?.picture ?? null) : null;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (nearest === null) return;
    const timer = setInterval(() => setShown((now) => !now), BLINK_MS);
    return () => clearInterval(timer);
  }, [nearest]);
  return { nearest, isNone: isOn && data !== undefined && data.picture === null, shown };
}
