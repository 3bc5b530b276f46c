// What the command line prints: NDJSON for programs, or progress and plain sentences for people.

import type { StepEvent } from '../../contract/events.ts';
import type { PlainError } from '../../core/domain/run.ts';
import { DEFAULT_HINTS } from './default-hints.ts';
import { ProgressLine, type TextStream } from './progress-line.ts';

export interface Output {
  event(event: StepEvent): void;
  /** The last thing that is printed when all went well. */
  result(result: object, lines: readonly string[]): void;
  /** The last thing that is printed otherwise. */
  error(error: PlainError): void;
  /** A remark for people only. */
  remark(text: string): void;
}

/** One JSON object per line on stdout, the last being the result or the error. */
export function jsonOutput(out: TextStream): Output {
  const print = (value: object): void => void out.write(`${JSON.stringify(value)}\n`);
  return {
    event: print,
    result: (result) => print({ event: 'result', ...result }),
    error: ({ code, message, file, hint }) => {
      print({ event: 'error', code, message, ...(file && { file }), hint: hint ?? DEFAULT_HINTS[code] });
    },
    remark() {},
  };
}

/** Results on stdout; progress, remarks and errors on stderr. */
export function humanOutput(out: TextStream, err: TextStream): Output {
  const progress = new ProgressLine(err);
  const say = (stream: TextStream, text: string): void => {
    progress.clear();
    stream.write(`${text}\n`);
  };
  return {
    event(event) {
      switch (event.event) {
        case 'progress':
          progress.show(event);
          return;
        case 'log':
          say(err, event.level === 'warn' ? `note: ${event.message}` : event.message);
          return;
        case 'problem':
          say(
            err,
            `${event.level === 'reject' ? 'refused' : 'note'}: ${event.file}: ${event.message}\n  ${event.hint}`,
          );
          return;
        case 'finding':
          say(
            err,
            `${event.level}: ${event.what}${event.file ? ` (${event.file})` : ''}${event.repaired ? ': removed' : ''}`,
          );
          return;
        case 'run':
          say(err, `${event.kind} run ${event.runId}${event.resumed ? ' goes on' : ''}`);
          return;
        case 'cell':
          say(err, cellLine(event));
          return;
        case 'run-end':
        case 'checkpoint':
        case 'loss':
        case 'preview':
        case 'picture':
          return;
      }
    },
    result(_result, lines) {
      for (const line of lines) say(out, line);
    },
    error({ code, message, file, hint }) {
      say(err, `error (${code}): ${message}`);
      if (file) say(err, `  file: ${file}`);
      say(err, `  ${hint ?? DEFAULT_HINTS[code]}`);
    },
    remark: (text) => say(err, text),
  };
}

function cellLine({ arm, seed, done, total, values }: Extract<StepEvent, { event: 'cell' }>): string {
  const iou = values.iou === null ? 'not defined' : `${(100 * values.iou).toFixed(1)} %`;
  return `${done} of ${total}: ${arm}, seed ${seed}: IoU ${iou}`;
}
