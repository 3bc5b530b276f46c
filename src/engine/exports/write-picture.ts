// Writes one picture of an export with its mask; what comes back was decoded again from what was written.

import { AppError } from '../../core/base/errors.ts';
import type { TypedMask } from '../../core/formats/annotations/write-model.ts';
import type { Raster } from '../../core/image/raster.ts';
import { maskArea } from '../../core/image/raster.ts';
import {
  countDifferences,
  DEFAULT_LIMITS,
  decodeMask,
  decodePicture,
  encodeMaskPng,
  encodePng,
  readBounded,
} from '../imaging/index.ts';
import { GOOD } from './export-job.ts';
import type { Planned, PlannedGenerated, PlannedReal } from './plan.ts';
import { fileNameOf } from './plan.ts';
import type { StagedFolder } from './write-files.ts';

export interface Written {
  readonly file: string;
  readonly raster: Raster;
  /** None for good parts. */
  readonly masks: readonly TypedMask[];
  readonly reencoded: boolean;
}

/** Depth and channels stay as they are: files are copied, and what must be encoded again is compared. */
export function writePicture(staged: StagedFolder, planned: Planned): Promise<Written> {
  return planned.kind === 'real' ? writeReal(staged, planned) : writeGenerated(staged, planned);
}

async function writeGenerated(staged: StagedFolder, planned: PlannedGenerated): Promise<Written> {
  const [{ item }] = planned.labels;
  const name = `picture ${item.id}`;
  const bytes = await load(item.imagePng, name);
  const { raster, format } = await decodePicture(bytes, { name });
  if (format !== 'png')
    throw new AppError('corrupt', `${name} is stored as ${format}, not PNG.`, { file: name });
  const file = `${planned.folder}/${planned.stem}.png`;
  await staged.write(file, bytes);
  const masks: TypedMask[] = [];
  for (const { item, mask } of planned.labels) {
    masks.push(
      ...(await writeMaskOf(staged, { type: item.type, from: item.maskPng, to: mask }, raster, name)),
    );
  }
  return { file, raster, masks, reencoded: false };
}

async function writeReal(staged: StagedFolder, planned: PlannedReal): Promise<Written> {
  const [{ item }] = planned.labels;
  const bytes = await load(item.absPath, item.file);
  const picture = await decodePicture(bytes, { name: item.file });
  if (picture.sha256 !== item.sha256) {
    const hint = 'Import the folder again, then export.';
    throw new AppError('corrupt', `${item.file} is not the file that was imported.`, {
      file: item.file,
      hint,
    });
  }
  const { raster, turned } = picture;
  const name = turned ? `${planned.stem}.png` : fileNameOf(planned.stem, item.file, picture.format);
  const file = `${planned.folder}/${name}`;
  if (turned) await writePixels(staged, file, raster, await encodePng(raster, { icc: picture.icc }));
  else await staged.write(file, bytes);
  const masks: TypedMask[] = [];
  for (const { item, mask } of planned.labels) {
    const job = { type: item.type, from: item.maskAbsPath, to: mask };
    masks.push(...(await writeMaskOf(staged, job, raster, item.file)));
  }
  return { file, raster, masks, reencoded: turned };
}

/** Writes and proves that decoding gives the pixels back. */
async function writePixels(
  staged: StagedFolder,
  file: string,
  raster: Raster,
  png: Uint8Array,
): Promise<void> {
  await staged.write(file, png);
  const back = await decodePicture(png, { name: file });
  if (countDifferences(back.raster, raster) === 0) return;
  throw new AppError('verify-failed', `${file} does not decode to the pixels that were written.`, { file });
}

/** Nothing for good parts, else the mask. */
async function writeMaskOf(
  staged: StagedFolder,
  { type, from, to }: { type: string; from: Uint8Array | string | null; to: string | null },
  raster: Raster,
  name: string,
): Promise<TypedMask[]> {
  if (from === null || to === null) {
    if (type === GOOD) return [];
    throw new AppError('bad-mask', `${name} (${type}) has no mask.`, {
      file: name,
      hint: 'Reject it, or label it first.',
    });
  }
  const { mask } = await decodeMask(await load(from, `mask of ${name}`), raster, { name: `mask of ${name}` });
  const png = await encodeMaskPng(mask);
  await staged.write(to, png);
  const back = await decodeMask(png, mask, { name: to });
  if (back.areaPx === maskArea(mask) && Buffer.from(back.mask.data).equals(mask.data))
    return [{ type, mask }];
  throw new AppError('verify-failed', `${to} does not decode to the mask that was written.`, { file: to });
}

function load(input: Uint8Array | string, name: string): Promise<Uint8Array> {
  return typeof input === 'string'
    ? readBounded(input, DEFAULT_LIMITS.maxBytes, name)
    : Promise.resolve(input);
}
