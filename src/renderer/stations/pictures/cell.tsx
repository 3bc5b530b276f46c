// One picture in the grid: its name, what it shows, its split, and whether somebody should look at it.

import { memo } from 'react';
import type { PictureInfo } from '../../../contract/methods/pictures.ts';
import { useTexts } from '../../texts/index.ts';
import { Badge, ICONS, Icon, Picture } from '../../ui/index.ts';
import { Preview } from './preview.tsx';

interface CellProps {
  picture: PictureInfo | undefined;
  focused: boolean;
  chosen: boolean;
  /** Shown where the list is one of near-duplicates. */
  grouped: boolean;
}

export const Cell = memo(function Cell({ picture, focused, chosen, grouped }: CellProps) {
  const t = useTexts('pictures');
  if (picture === undefined) return <div className="pictures-cell pictures-waiting" />;
  const { id, file, role, type, split, flags, near, preview, width, height } = picture;
  const look = [
    'pictures-cell',
    focused && 'focused',
    chosen && 'chosen',
    grouped && (near ?? 0) % 2 && 'odd',
  ];
  const splitName = split === null ? t.noSplit : (t.splits[split as 'train'] ?? split);
  return (
    <div className={look.filter(Boolean).join(' ')}>
      <div className="pictures-thumb">
        {preview !== null && <Preview values={preview} width={width} height={height} />}
        <Picture of={{ kind: 'picture', id }} size={256} alt={file} />
      </div>
      <div className="row small">
        <span className="ellipsis grow" title={file}>
          {grouped && near !== null ? `${t.group(near)} · ` : ''}
          {file.slice(file.lastIndexOf('/') + 1)}
        </span>
        {flags.length > 0 && (
          <span
            className="pictures-flag"
            role="img"
            aria-label={flags.map((flag) => t.flags[flag]).join(', ')}
          >
            <Icon path={ICONS.warn} size={16} />
          </span>
        )}
      </div>
      <div className="row small">
        <Badge tone={role === 'normal' ? 'good' : undefined}>
          <span className="ellipsis">{type ?? t.roles[role]}</span>
        </Badge>
        <span className="soft ellipsis">{splitName}</span>
      </div>
    </div>
  );
});
