// Training windows of a product's detector: real defects, and accepted generated ones, exact or as weak boxes.

import type { Rng } from '../../../core/base/rng.ts';
import { REAL_SHARE } from '../../../core/prove/plan.ts';
import {
  goodWindows,
  type LabelledPicture,
  shotWindows,
} from '../../../core/recipes/detector/shot-windows.ts';
import type { DetectorWindow } from '../../../core/recipes/detector/window.ts';
import { decodeMask, decodePicture } from '../../imaging/index.ts';
import type { ProofMaterial } from '../../prove/material.ts';
import { copyDefect, copyRatio } from '../../prove/working-copy.ts';
import type { StoredPicture } from '../../services.ts';
import type { WindowSource } from '../detector.ts';

interface GeneratedDefect extends LabelledPicture {
  /** The mask is a box that holds good pixels too. */
  readonly weak: boolean;
}

export async function generatedDefects(
  accepted: readonly StoredPicture[],
  { scale }: Pick<ProofMaterial, 'scale'>,
  signal: AbortSignal,
): Promise<GeneratedDefect[]> {
  const defects: GeneratedDefect[] = [];
  for (const { path, maskPath, type, label, id } of accepted) {
    if (maskPath === null || type === null) continue;
    signal.throwIfAborted();
    const { raster } = await decodePicture(path, { name: id });
    const { mask } = await decodeMask(maskPath, raster, { name: `mask of ${id}` });
    const copy = copyDefect(raster, mask, scale);
    if (copy !== null) defects.push({ ...copy, type, weak: label === 'box' });
  }
  return defects;
}

export function productWindows(material: ProofMaterial, generated: readonly GeneratedDefect[]): WindowSource {
  const { scale, side } = material.scale;
  const geometry = { side, scale: scale / copyRatio(material.scale) };
  const good = goodWindows(material.goods, geometry);
  const real = shotWindows(material.shots, geometry);
  if (generated.length === 0) return { good, defect: real };
  const groups = [true, false]
    .map((weak) => ({ weak, own: generated.filter((g) => g.weak === weak) }))
    .filter(({ own }) => own.length > 0)
    .map(({ weak, own }) => ({
      weak,
      share: own.length / generated.length,
      draw: shotWindows(own, geometry),
    }));
  const defect = (rng: Rng): DetectorWindow => {
    if (rng.chance(REAL_SHARE)) return real(rng);
    const { weak, draw } = groups.length === 1 || rng.chance(groups[0].share) ? groups[0] : groups[1];
    return { ...draw(rng), kind: 'generated', weak };
  };
  return { good, defect };
}
