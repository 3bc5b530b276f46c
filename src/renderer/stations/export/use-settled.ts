// A text that has not changed for a moment.

import { useEffect, useState } from 'react';

const QUIET_MS = 200;

export function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
