// Pictures by kind and split.

import { useTexts } from '../../texts/index.ts';
import type { Split, SplitCount } from './splits.ts';
import { SPLITS } from './splits.ts';

export function CountTable({ counts, caption }: { counts: readonly SplitCount[]; caption?: string }) {
  const t = useTexts('pictures');
  const kinds = [...new Set(counts.map(kindOf))].sort(byKind);
  const splits: (Split | null)[] = [...SPLITS];
  if (counts.some(({ split }) => split === null)) splits.push(null);
  const sum = (kind: string | null, split: Split | null | undefined): number =>
    counts
      .filter(
        (row) => (kind === null || kindOf(row) === kind) && (split === undefined || row.split === split),
      )
      .reduce((n, { pictures }) => n + pictures, 0);
  const cells = (kind: string | null) => (
    <>
      {splits.map((split) => (
        <td key={split}>{shown(sum(kind, split))}</td>
      ))}
      <td>{sum(kind, undefined).toLocaleString()}</td>
    </>
  );
  return (
    <table className="pictures-counts">
      {caption && <caption>{caption}</caption>}
      <thead>
        <tr>
          <th scope="col">{t.kind}</th>
          {splits.map((split) => (
            <th key={split} scope="col">
              {split === null ? t.noSplit : t.splits[split]}
            </th>
          ))}
          <th scope="col">{t.sum}</th>
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind}>
            <th scope="row">{kind.startsWith(' ') ? t.roles[kind.slice(1) as 'normal'] : kind}</th>
            {cells(kind)}
          </tr>
        ))}
      </tbody>
      {kinds.length > 1 && (
        <tfoot>
          <tr>
            <th scope="row">{t.sum}</th>
            {cells(null)}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function shown(count: number): string {
  return count === 0 ? '–' : count.toLocaleString();
}

/** Roles begin with a space, so that they never meet a type of the same name. */
function kindOf({ role, type }: SplitCount): string {
  return type ?? ` ${role}`;
}

/** Good ones first, then the types by name, the unlabelled last. */
function byKind(a: string, b: string): number {
  const rank = (kind: string): number => (kind === ' normal' ? 0 : kind.startsWith(' ') ? 2 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
