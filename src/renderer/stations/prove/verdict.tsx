// The verdict in one sentence, with a sign that is no colour alone.

import { useLanguage, useTexts } from '../../texts/index.ts';
import { Icon } from '../../ui/index.ts';
import { signed } from './format-number.ts';
import type { Proof } from './use-proofs.ts';

type Conclusion = NonNullable<Proof['conclusion']>;

const LOOKS: Record<Conclusion['code'], { tone: string; sign: string }> = {
  gain: { tone: 'good', sign: 'M12 20V4M5 11l7-7 7 7' },
  'gain-not-over-rivals': { tone: 'warn', sign: 'M5 19L19 5M9 5h10v10' },
  'no-gain': { tone: 'warn', sign: 'M4 9h16M4 15h16' },
  harm: { tone: 'bad', sign: 'M12 4v16M5 13l7 7 7-7' },
  'not-scored': { tone: 'warn', sign: 'M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17.5v.1' },
};

export function Verdict({ conclusion: { code, arm, points, rival } }: { conclusion: Conclusion }) {
  const t = useTexts('prove');
  const language = useLanguage();
  const { tone, sign } = LOOKS[code];
  const number = (value: number): string => signed(value, language);
  const interval = points === null ? '' : t.points(number(points.mean), number(points.lo), number(points.hi));
  const name = (id: typeof arm): string => (id === null ? '' : t.armNames[id].replace(/^\+ /, ''));
  return (
    <section className={`prove-verdict ${tone}`} aria-label={t.verdict}>
      <Icon path={sign} size={36} />
      <p>{t.verdicts[code](name(arm), interval, name(rival))}</p>
    </section>
  );
}
