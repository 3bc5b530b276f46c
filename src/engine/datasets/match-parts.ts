// Names physical parts by a regular expression, with a limit of time: an expression may take for ever on a file name.

import { runInNewContext } from 'node:vm';
import { AppError } from '../../core/base/errors.ts';

const MOST_MS = 3000;

/** Per file the first capture group, or the whole match; null where it does not match. Throws `usage`. */
export function matchParts(files: readonly string[], pattern: string): (string | null)[] {
  toPattern(pattern);
  const code = `files.map((file) => { const m = pattern.exec(file); return m === null ? null : (m[1] ?? m[0]); })`;
  try {
    // The expression is made inside, so that its work can be interrupted.
    const found = runInNewContext(
      `const pattern = new RegExp(source, 'u'); JSON.stringify(${code})`,
      {
        files: [...files],
        source: pattern,
      },
      { timeout: MOST_MS },
    );
    return JSON.parse(found as string) as (string | null)[];
  } catch (cause) {
    throw new AppError(
      'usage',
      'the expression takes too long on these file names',
      { hint: 'Avoid nested repetitions such as (a+)+.' },
      cause,
    );
  }
}

/** Throws `usage` where the text is no regular expression. */
function toPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new AppError('usage', `this is not a regular expression: ${(error as Error).message}`, {
      hint: 'For example part(\\d+) for files like part17_view2.png.',
    });
  }
}
