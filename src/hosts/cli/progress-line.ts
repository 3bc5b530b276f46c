// Shows progress: one line that is rewritten on a terminal, a few plain lines where output goes to a file.

export interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface Progress {
  phase: string;
  done: number;
  total: number;
  etaSeconds: number | null;
  note: string | null;
}

const BAR_WIDTH = 24;
/** Without a terminal, at most one line in this time; phases that are over sooner print none. */
const PLAIN_INTERVAL_MS = 5000;

export class ProgressLine {
  readonly #stream: TextStream;
  #shown = false;
  readonly #now: () => number;
  #plainAt: number;

  constructor(stream: TextStream, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
    this.#plainAt = now();
  }

  show(progress: Progress): void {
    if (this.#stream.isTTY) this.#rewrite(progress);
    else this.#plain(progress);
  }

  /** Removes the line so that something else can be printed. */
  clear(): void {
    if (!this.#shown) return;
    this.#stream.write('\r\u001b[2K');
    this.#shown = false;
  }

  #rewrite(progress: Progress): void {
    const { total, done } = progress;
    const filled = total > 0 ? Math.round((BAR_WIDTH * Math.min(done, total)) / total) : 0;
    const bar = total > 0 ? `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ` : '';
    const line = `${progress.phase}  ${bar}${describe(progress)}`;
    this.#stream.write(`\r\u001b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    this.#shown = true;
  }

  #plain(progress: Progress): void {
    const now = this.#now();
    if (now - this.#plainAt < PLAIN_INTERVAL_MS) return;
    this.#plainAt = now;
    this.#stream.write(`${progress.phase}: ${describe(progress)}\n`);
  }
}

function describe({ done, total, etaSeconds, note }: Progress): string {
  const parts = [total > 0 ? `${done}/${total}` : String(done)];
  if (etaSeconds !== null && done < total) parts.push(`${formatDuration(etaSeconds)} left`);
  if (note !== null) parts.push(note);
  return parts.join('  ');
}

/** "45 s", "3 min 20 s", "2 h 05 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
