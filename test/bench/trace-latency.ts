// Reads pointer latencies from a trace of Chromium: from the event's creation to the frame on the screen.

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  id?: string;
  id2?: { local?: string; global?: string };
  pid: number;
  args?: { event_latency?: { event_type?: string } };
}

export interface Latency {
  type: string;
  ms: number;
}

/** Moves with the pen down or up; a press or wheel is none. */
const MOVES = /MOUSE_DRAGGED|MOUSE_MOVED|POINTER/;

export function latencies(json: string): Latency[] {
  const { traceEvents } = JSON.parse(json) as { traceEvents: TraceEvent[] };
  const begun = new Map<string, TraceEvent>();
  const found: Latency[] = [];
  for (const event of traceEvents) {
    if (event.name !== 'EventLatency') continue;
    const key = `${event.pid} ${event.id ?? event.id2?.local ?? event.id2?.global}`;
    if (event.ph === 'b') begun.set(key, event);
    else if (event.ph === 'e') {
      const start = begun.get(key);
      const type = start?.args?.event_latency?.event_type ?? event.args?.event_latency?.event_type ?? '';
      if (start !== undefined && MOVES.test(type)) found.push({ type, ms: (event.ts - start.ts) / 1000 });
    }
  }
  return found;
}

/** The value below which a share of all lies, 0..1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
