// Names of folders and files that become something else when they are complete.

import { basename, dirname, join, resolve } from 'node:path';

/** Where the unfinished form of `target` lies: beside it, so that one rename finishes it. */
export function partialPath(target: string, tag: string): string {
  return join(dirname(resolve(target)), partialPrefix(target) + tag);
}

/** What the names of all unfinished forms of `target` begin with. */
export function partialPrefix(target: string): string {
  return `.${basename(resolve(target))}.partial-`;
}
