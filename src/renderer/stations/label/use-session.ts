// Opens a picture's label, and leaves it settled.

import { useEffect, useRef, useState } from 'react';
import { useEngine, useHostState } from '../../api/index.ts';
import type { Painter } from '../../canvas/index.ts';
import { showError } from '../../ui/index.ts';
import { LabelSession, type Opened, type Subject } from './session.ts';

export interface OpenLabel {
  session: LabelSession;
  opened: Opened;
}

export function useSession(
  picture: string | null,
  subject: Subject,
  painter: { readonly current: Painter | null },
): { label: OpenLabel | null; error: unknown; again(): void } {
  const engine = useEngine();
  const ready = useHostState()?.engine === 'ready';
  const [label, setLabel] = useState<OpenLabel | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const wasReady = useRef(ready);

  useEffect(() => {
    // A label that could not be opened is opened once the engine is back.
    if (ready && !wasReady.current && label === null) setRound((n) => n + 1);
    wasReady.current = ready;
  }, [ready, label]);

  useEffect(() => {
    // `round` asks again.
    void round;
    setError(null);
    if (picture === null) {
      setLabel(null);
      return;
    }
    const stop = new AbortController();
    let session: LabelSession | null = null;
    engine.labels.open({ picture, subject }, { signal: stop.signal }).then(
      (opened) => {
        if (stop.signal.aborted) return;
        session = new LabelSession(engine, subject, opened, {
          changed: (part) => painter.current?.changed(part),
          refused(refusal) {
            showError(refusal);
            setRound((n) => n + 1);
          },
        });
        setLabel({ session, opened });
      },
      (failure) => {
        if (stop.signal.aborted) return;
        setLabel(null);
        setError(failure);
      },
    );
    return () => {
      stop.abort();
      void session?.settle();
    };
  }, [engine, picture, subject, round, painter]);

  return { label, error, again: () => setRound((n) => n + 1) };
}
