// Training windows of one arm: the same good and real windows in every arm, and a third real ones where others join.

import type { Rng } from '../../core/base/rng.ts';
import type { ProofArm } from '../../core/domain/proof.ts';
import { REAL_SHARE, SOURCES } from '../../core/prove/plan.ts';
import { goodWindows, shotWindows, type WindowGeometry } from '../../core/recipes/detector/shot-windows.ts';
import type { DetectorWindow } from '../../core/recipes/detector/window.ts';
import { foreignDefect } from '../../core/recipes/procedural/foreign-defect.ts';
import type { WindowSource } from '../detectors/detector.ts';
import type { GeneratedCopy } from './generated-file.ts';
import type { ProofMaterial } from './material.ts';
import { copyRatio } from './working-copy.ts';

/** Fewer unflagged pictures than this share, and the flagged ones are used too. */
const FEWEST_UNFLAGGED = 0.25;

/** Pictures to train on: those that passed their checks, as long as enough did. */
export function usable(copies: readonly GeneratedCopy[]): readonly GeneratedCopy[] {
  const passed = copies.filter((copy) => copy.flags.length === 0);
  return passed.length >= FEWEST_UNFLAGGED * copies.length && passed.length > 0 ? passed : copies;
}

/** @param copies what the arm's generator made; empty for `real` and `real+procedural` */
export function windowSource(
  arm: ProofArm,
  material: ProofMaterial,
  copies: readonly GeneratedCopy[],
): WindowSource {
  const { scale, side } = material.scale;
  // Copies are white at the top of their depth.
  const geometry: WindowGeometry = { side, scale: scale / copyRatio(material.scale) };
  const good = goodWindows(material.goods, geometry);
  const real = shotWindows(material.shots, geometry);
  const other = otherWindows(arm, copies, good, geometry);
  if (other === null) return { good, defect: real };
  // A fork: where the draw falls on a real window it is the one that `real` has in that place.
  const defect = (rng: Rng) => (rng.fork('mix').chance(REAL_SHARE) ? real(rng) : other(rng));
  return { good, defect };
}

function otherWindows(
  arm: ProofArm,
  copies: readonly GeneratedCopy[],
  good: (rng: Rng) => DetectorWindow,
  geometry: WindowGeometry,
): ((rng: Rng) => DetectorWindow) | null {
  if (arm === 'real') return null;
  if (SOURCES[arm] === 'procedural') {
    return (rng) => {
      const clean = good(rng).image;
      const { image, mask } = foreignDefect(clean, geometry.side, rng.fork('foreign'));
      return { kind: 'procedural', image, mask, clean };
    };
  }
  // The generator drew nothing that shows a defect: the arm is `real` then, and the report shows 0 pictures.
  if (copies.length === 0) return null;
  return generatedWindows(usable(copies), SOURCES[arm] === 'paste' ? 'pasted' : 'generated', geometry);
}

/** Pictures whose masks are boxes count as weak labels. */
function generatedWindows(
  copies: readonly GeneratedCopy[],
  kind: DetectorWindow['kind'],
  geometry: WindowGeometry,
): (rng: Rng) => DetectorWindow {
  const [exact, boxes] = [false, true].map((weak) => copies.filter((copy) => (copy.weak ?? false) === weak));
  const drawExact = shotWindows(exact, geometry);
  const drawBox = shotWindows(boxes, geometry);
  const share = boxes.length / copies.length;
  return (rng) =>
    share > 0 && rng.chance(share) ? { ...drawBox(rng), kind, weak: true } : { ...drawExact(rng), kind };
}
