// Finds pictures that are byte for byte the same, and says what that spoils.

import type { ImportItem, ImportProblem, ProblemAction } from '../../core/domain/import-report.ts';

/** One remark per copy, naming the first of its kind. */
export function findDuplicates(items: readonly ImportItem[]): ImportProblem[] {
  const first = new Map<string, ImportItem>();
  const problems: ImportProblem[] = [];
  for (const item of items) {
    const original = first.get(item.sha256);
    if (original === undefined) {
      first.set(item.sha256, item);
      continue;
    }
    if (original.file === item.file) continue;
    let message = `the same picture as ${original.file}`;
    let hint = 'Delete one of the two.';
    let action: ProblemAction = 'kept';
    if (original.role !== item.role || original.type !== item.type) {
      message += `, but labelled differently (${labelOf(original)} and ${labelOf(item)})`;
      action = 'asked';
      hint = 'Decide which label is right and delete the other copy.';
    } else if (original.split !== item.split) {
      message += `, once in ${original.split ?? 'no split'} and once in ${item.split ?? 'no split'}`;
      action = 'asked';
      hint = 'Delete one of the two; otherwise test figures come out too good.';
    }
    problems.push({ file: item.file, code: 'bad-dataset', level: 'warn', message, hint, action });
  }
  return problems;
}

function labelOf(item: ImportItem): string {
  return item.role === 'defect' ? (item.type ?? 'defect') : item.role;
}
