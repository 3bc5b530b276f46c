// The strip on top: the product, where it stands, the next step, help and settings.

import { useProduct, useWorkspace } from '../api/workspace.ts';
import type { StationId } from '../stations/station.ts';
import { useTexts } from '../texts/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ICONS } from '../ui/icon.tsx';
import { useStation } from './navigation.ts';
import { standingOf } from './next-step.ts';
import { useStationNames } from './station-names.ts';

export interface TopStripProps {
  onGo(id: StationId): void;
  onHelp(): void;
  onSettings(): void;
}

export function TopStrip({ onGo, onHelp, onSettings }: TopStripProps) {
  const t = useTexts('app');
  const names = useStationNames();
  const [station] = useStation();
  const { data } = useWorkspace();
  const { product, info, products, choose } = useProduct();
  const standing = standingOf(data, info);
  const counts = ['pictures', 'labelled', 'learned', 'accepted'] as const;
  return (
    <header className="strip">
      {products.length > 1 ? (
        <select
          className="select strip-product"
          aria-label={t.product}
          value={product}
          onChange={(event) => choose(event.target.value)}
        >
          {products.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : (
        <span className="strip-product ellipsis">{product ?? t.noProduct}</span>
      )}
      <dl className="strip-counts">
        {counts.map((key) => (
          <div key={key}>
            <dt>{t.counts[key]}</dt>
            <dd>{standing[key].toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      <span className="grow" />
      {data !== undefined && standing.next !== station && (
        <Button look="primary" onClick={() => onGo(standing.next)}>
          {t.next(names(standing.next))}
        </Button>
      )}
      <IconButton icon={ICONS.help} label={`${t.keys} (?)`} look="quiet" onClick={onHelp} />
      <IconButton icon={ICONS.settings} label={t.settings} look="quiet" onClick={onSettings} />
    </header>
  );
}
