// Rows of the contact sheets: an even choice of the pictures, each beside its source, mask and nearest real defect.

import type { SheetRow } from '../imaging/index.ts';
import type { OpenPicture } from './open-pictures.ts';

/** At most `most` pictures: of every type its share, spread evenly over its pictures; in their own order. */
export function spread(pictures: readonly OpenPicture[], most: number): OpenPicture[] {
  if (pictures.length <= most) return [...pictures];
  const types = [...new Set(pictures.map((p) => p.stored.type))];
  const chosen = new Set<OpenPicture>();
  types.forEach((type, t) => {
    const own = pictures.filter((p) => p.stored.type === type);
    const share = Math.floor(most / types.length) + (t < most % types.length ? 1 : 0);
    for (let i = 0; i < share; i++) chosen.add(own[Math.floor((i * own.length) / share)]);
  });
  return pictures.filter((p) => chosen.has(p));
}

export function sheetRow({ stored, view, mask, origin, nearest }: OpenPicture): SheetRow {
  return {
    label: `${stored.type ?? 'good'} ${stored.id}`,
    flags: stored.flags,
    tiles: [
      { picture: origin, caption: stored.source?.file },
      { picture: view },
      { picture: mask },
      {
        picture: nearest?.shot.view ?? null,
        caption: nearest === null ? undefined : `${nearest.distance.toFixed(2)} ${nearest.shot.file}`,
      },
    ],
  };
}
