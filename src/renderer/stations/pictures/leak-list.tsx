// Pictures that belong together and lie in different splits: each pair by name, with the button that mends it.

import { useTexts } from '../../texts/index.ts';
import { Button, ICONS, Icon } from '../../ui/index.ts';
import type { LeakInfo, SplitOverview } from './splits.ts';
import type { SplitWork } from './use-splits.ts';

interface LeakListProps {
  overview: SplitOverview;
  product: string;
  work: SplitWork;
  onShow(file: string): void;
}

const MOST_SHOWN = 5;

export function LeakList({ overview: { leaks, leaksTotal }, product, work, onShow }: LeakListProps) {
  const t = useTexts('pictures');
  if (leaksTotal === 0) return null;
  return (
    <section className="note warn pictures-leaks" aria-label={t.leaks(leaksTotal)}>
      <Icon path={ICONS.warn} />
      <div className="stack grow">
        <div className="note-title">{t.leaks(leaksTotal)}</div>
        <p className="small">{t.leakWhy}</p>
        <ul>
          {leaks.slice(0, MOST_SHOWN).map((leak) => (
            <li key={leak.first.id}>
              <Pair leak={leak} onShow={onShow} />
              <Button
                onClick={() => void work.run((splits) => splits.mend({ product, picture: leak.first.id }))}
              >
                {t.allInto(leak.pictures, t.splits[leak.into])}
              </Button>
            </li>
          ))}
        </ul>
        {leaksTotal > MOST_SHOWN && <p className="small">{t.more(leaksTotal - MOST_SHOWN)}</p>}
        {leaksTotal > 1 && (
          <Button look="primary" onClick={() => void work.run((splits) => splits.mend({ product }))}>
            {t.mendAll(leaksTotal)}
          </Button>
        )}
      </div>
    </section>
  );
}

function Pair({ leak, onShow }: { leak: LeakInfo; onShow(file: string): void }) {
  const t = useTexts('pictures');
  const why = leak.reason === 'part' ? `${t.part} ${leak.part}` : t.links[leak.reason];
  return (
    <div className="small">
      <strong>{why}:</strong>
      {[leak.first, leak.second].map(({ id, file, split }) => (
        <div key={id} className="row">
          <button type="button" className="pictures-link path ellipsis" onClick={() => onShow(file)}>
            {file}
          </button>
          <span>{split === null ? t.noSplit : t.splits[split]}</span>
        </div>
      ))}
    </div>
  );
}
