// What is wrong with the pictures a fine-tune would learn from: defects too small to be seen, all taken at once.

import type { Finding } from '../../contract/methods/training.ts';
import { LATENT, WINDOW } from '../../core/recipes/pack/condition.ts';
import { chooseWorkingScale, defectSizes } from '../../core/recipes/windows/working-scale.ts';
import { decodeShot } from '../datasets/material.ts';
import { takenAt } from '../imaging/index.ts';
import type { DatasetPicture, PackInfo } from '../services.ts';

const SHOWN = 8;
/** Side of a latent cell in pixels of the window: smaller defects vanish in it. Stable Diffusion's is twice as large. */
const CELL = WINDOW / LATENT;
const PICTURE_CELL = 8;
const MINUTE = 60;
/** Fewer pictures are often taken at once for good reason. */
const FEWEST = 3;

export async function pictureFindings(shots: readonly DatasetPicture[], pack: PackInfo): Promise<Finding[]> {
  return [...(await tinyMasks(shots, pack)), ...(await oneMinute(shots))];
}

/** Pictures whose largest defect, at the scale the product is looked at, fills less than a cell of the latent grid. */
async function tinyMasks(
  pictures: readonly DatasetPicture[],
  { workingSize, what }: PackInfo,
): Promise<Finding[]> {
  const shots = pictures.filter(({ maskPath }) => maskPath !== null);
  if (shots.length === 0) return [];
  const cell = what === undefined ? CELL : PICTURE_CELL;
  const masks: { mask: Awaited<ReturnType<typeof decodeShot>>['mask']; type: string }[] = [];
  for (const shot of shots) {
    const { mask, type } = await decodeShot(shot);
    masks.push({ mask, type });
  }
  const { scale } = chooseWorkingScale(masks, workingSize);
  const sizes = masks.map(({ mask }) => Math.max(...defectSizes(mask).map(({ longSide }) => longSide)));
  const small = shots.map((shot, i) => ({ shot, px: sizes[i] })).filter(({ px }) => px * scale < cell);
  if (small.length === 0) return [];
  const shown = small.slice(0, SHOWN).map(({ shot }) => ({ id: shot.id, file: shot.file }));
  const facts = {
    count: small.length,
    of: shots.length,
    px: Math.max(...small.map(({ px }) => px)),
    needed: Math.ceil(cell / scale),
  };
  return [{ code: 'tiny-masks', stops: false, type: null, pictures: shown, facts, fix: 'label' }];
}

async function oneMinute(shots: readonly DatasetPicture[]): Promise<Finding[]> {
  if (shots.length < FEWEST) return [];
  const times: number[] = [];
  for (const shot of shots) {
    const time = await takenAt(shot.path);
    if (time === null) return [];
    times.push(time);
  }
  const seconds = Math.max(...times) - Math.min(...times);
  if (seconds > MINUTE) return [];
  const facts = { count: shots.length, seconds };
  return [{ code: 'one-minute', stops: false, type: null, pictures: [], facts, fix: 'pictures' }];
}
