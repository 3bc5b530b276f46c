// One picture, large: its mask over it, its facts, and the range shown of a 16-bit picture.

import { useState } from 'react';
import type { PictureInfo } from '../../../contract/methods/pictures.ts';
import { mediaUrl } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Checkbox, ImageView, Slider } from '../../ui/index.ts';

const MOST = 65_535;

export function Detail({ picture }: { picture: PictureInfo }) {
  const t = useTexts('pictures');
  const [range, setRange] = useState<{ low: number; high: number } | null>(null);
  const [masked, setMasked] = useState(true);
  const { id, file, width, height, bitDepth, channels, role, type, split, group, maskAreaPx } = picture;
  const deep = bitDepth > 8;
  const shown = deep && range !== null ? range : {};
  const overlays = masked && maskAreaPx !== null ? [{ src: mediaUrl({ kind: 'picture-mask', id }) }] : [];
  const facts = [
    [t.kind, type ?? t.roles[role]],
    [t.split, split ?? t.noSplit],
    [t.size, `${width} × ${height}, ${channels} × ${bitDepth} bit`],
    ...(maskAreaPx === null ? [] : [[t.maskArea, `${maskAreaPx.toLocaleString()} px`]]),
    ...(group === null ? [] : [[t.part, group]]),
  ];
  return (
    <aside className="pictures-detail" aria-label={t.detail}>
      <ImageView
        key={id}
        src={mediaUrl({ kind: 'picture', id }, shown)}
        alt={file}
        width={width}
        height={height}
        overlays={overlays}
      />
      <div className="pictures-facts stack">
        <div className="path">{file}</div>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {maskAreaPx !== null && <Checkbox label={t.showMask} checked={masked} onValue={setMasked} />}
        {deep && (
          <>
            <Slider
              label={t.black}
              value={range?.low ?? 0}
              min={0}
              max={MOST - 1}
              step={64}
              onValue={(low) => setRange({ low, high: Math.max(low + 1, range?.high ?? MOST) })}
            />
            <Slider
              label={t.white}
              value={range?.high ?? MOST}
              min={1}
              max={MOST}
              step={64}
              onValue={(high) => setRange({ low: Math.min(high - 1, range?.low ?? 0), high })}
            />
          </>
        )}
      </div>
    </aside>
  );
}
