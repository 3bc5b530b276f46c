// One action of the user that may take a moment and may fail; it never throws.

import { useCallback, useRef, useState } from 'react';

export interface Mutation<Args extends unknown[], R> {
  /** Gives undefined where it failed; the error is in `error`. */
  run(...args: Args): Promise<R | undefined>;
  busy: boolean;
  error: unknown;
  clear(): void;
}

export function useMutation<Args extends unknown[], R>(
  work: (...args: Args) => Promise<R>,
): Mutation<Args, R> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const newest = useRef(work);
  newest.current = work;
  const run = useCallback(async (...args: Args): Promise<R | undefined> => {
    setState({ busy: true, error: null });
    try {
      const result = await newest.current(...args);
      setState({ busy: false, error: null });
      return result;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, error: null }), []);
  return { ...state, run, clear };
}
