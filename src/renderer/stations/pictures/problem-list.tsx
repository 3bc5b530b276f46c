// Every file that is not taken as it is: which, why, and what happens to it.

import { useTexts } from '../../texts/index.ts';
import { Badge } from '../../ui/index.ts';
import type { Problem } from './use-dry-run.ts';

/** Problems beyond this are counted, not listed. */
const MOST_LISTED = 500;
const TONES = { skipped: 'bad', asked: 'warn', repaired: 'warn', kept: undefined } as const;
const ORDER = ['asked', 'skipped', 'repaired', 'kept'] as const;

export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  const t = useTexts('pictures');
  const actionOf = ({ action, level }: Problem) => action ?? (level === 'reject' ? 'skipped' : 'kept');
  const sorted = problems.toSorted((a, b) => ORDER.indexOf(actionOf(a)) - ORDER.indexOf(actionOf(b)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="pictures-problems" aria-label={t.problems} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.what}</th>
            <th scope="col">{t.file}</th>
            <th scope="col">{t.reason}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, MOST_LISTED).map((problem, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
            <tr key={i}>
              <td>
                <Badge tone={TONES[actionOf(problem)]}>{t.actions[actionOf(problem)]}</Badge>
              </td>
              <td className="path">{problem.file}</td>
              <td>
                {problem.message} <span className="soft">{problem.hint}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.length > MOST_LISTED && <p>{t.more(problems.length - MOST_LISTED)}</p>}
    </section>
  );
}
