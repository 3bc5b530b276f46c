// The stations, always open, in the order of the work.

import { STATIONS } from '../stations/index.ts';
import type { StationId } from '../stations/station.ts';
import { useTexts } from '../texts/index.ts';
import { Icon } from '../ui/icon.tsx';
import { shownKey } from '../ui/keys.ts';
import { useStationNames } from './station-names.ts';

export function Rail({ current, onGo }: { current: StationId; onGo(id: StationId): void }) {
  const t = useTexts('app');
  const names = useStationNames();
  return (
    <nav className="rail" aria-label={t.stations}>
      {STATIONS.map(({ id, icon, key }) => (
        <button
          key={id}
          type="button"
          aria-current={id === current ? 'page' : undefined}
          title={`${names(id)} (${shownKey(`Alt+${key}`)})`}
          onClick={() => onGo(id)}
        >
          <Icon path={icon} size={26} />
          <span>{names(id)}</span>
        </button>
      ))}
    </nav>
  );
}
