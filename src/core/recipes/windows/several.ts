// Several defects in one picture: a mask source asked more than once.

import { andMasks, cropMask, orMasks, subtractMasks } from '../../image/mask-ops.ts';
import { maskArea, maskBounds } from '../../image/raster.ts';
import type { MaskSource, PlacedMask, PlacedPiece } from './mask-source.ts';

/** Draws per defect before one that touches another is left out. */
const TRIES = 8;

/** `count` defects where they fit without touching each other; at least one. */
export function severalDefects(source: MaskSource, count: number): MaskSource {
  if (count === 1) return source;
  return {
    name: source.name,
    make(map, rng) {
      let all = source.make(map, rng.fork('defect 0'));
      for (let n = 1; n < count; n++) {
        for (let t = 0; t < TRIES; t++) {
          const more = source.make(map, rng.fork(`defect ${n} try ${t}`));
          if (maskArea(andMasks(all.mask, more.mask)) > 0) continue;
          all = joined(all, more);
          break;
        }
      }
      return all;
    },
  };
}

function joined(a: PlacedMask, b: PlacedMask): PlacedMask {
  const mask = orMasks(a.mask, b.mask);
  return {
    mask,
    bounds: maskBounds(mask)!,
    area: maskArea(mask),
    pieces: [...a.pieces, ...b.pieces.map((piece) => apart(piece, a))],
    source: a.source,
  };
}

/** Earlier pieces keep their pixels. */
function apart(piece: PlacedPiece, earlier: PlacedMask): PlacedPiece {
  const { width, height } = piece.mask;
  const under = cropMask(earlier.mask, { x: piece.x, y: piece.y, width, height });
  return { ...piece, mask: subtractMasks(piece.mask, under) };
}
