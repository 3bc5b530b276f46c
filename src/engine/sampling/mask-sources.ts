// Where the masks of new defects come from: real shapes, the mask model, or pictures handed over.

import { AppError } from '../../core/base/errors.ts';
import { type Mask, maskArea } from '../../core/image/raster.ts';
import { fileSource, type MaskSource, shapeSource } from '../../core/recipes/windows/mask-source.ts';
import { severalDefects } from '../../core/recipes/windows/several.ts';
import { medianMaskArea, shapesFromMasks } from '../../core/recipes/windows/shapes.ts';
import { maskFiles } from '../datasets/mask-files.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { GenerateRequest } from '../services.ts';
import type { Learned } from './learned.ts';
import { paintedSource, sized, wishOf } from './placement.ts';
import type { RealDefects } from './sources.ts';
import { generateWhole } from './whole-windows.ts';

/** Whole windows made to take mask shapes from. */
const MODEL_WINDOWS = 8;

async function fromFiles(path: string): Promise<MaskSource> {
  const masks: { mask: Mask; name: string }[] = [];
  for (const file of await maskFiles(path)) {
    const { raster } = await decodePicture(file);
    masks.push({ mask: (await decodeMask(file, raster)).mask, name: file });
  }
  return fileSource(masks);
}

async function fromModel(
  request: GenerateRequest,
  context: RunContext,
  learned: Learned,
  real: RealDefects,
  options: CompileOptions,
): Promise<MaskSource> {
  const indices = Array.from({ length: MODEL_WINDOWS }, (_, i) => i);
  const masks: Mask[] = [];
  const whole = { ...request, generator: 'seas' as const, count: MODEL_WINDOWS, indices };
  for await (const picture of generateWhole(whole, context, options)) {
    if (picture.mask === null || picture.flags.includes('empty-mask')) continue;
    masks.push((await decodeMask(picture.mask, picture, { name: 'predicted mask' })).mask);
  }
  if (masks.every((m) => maskArea(m) === 0)) {
    throw new AppError('runtime', 'the mask model predicted no defect, so there are no shapes to use', {
      hint: 'Train longer (--preset balanced), or use --masks real.',
    });
  }
  const medianArea = medianMaskArea(real.shots);
  const wish = wishOf(request);
  const one = shapeSource('model', shapesFromMasks(masks), sized(medianArea, learned.scale, wish));
  return severalDefects(one, wish.defects);
}

/** The mask source a request names. */
export function chooseMasks(
  request: GenerateRequest,
  context: RunContext,
  learned: Learned,
  real: RealDefects,
  options: CompileOptions,
): Promise<MaskSource> {
  const where = request.placement?.where;
  if (where?.kind === 'mask') return paintedSource(where.file);
  if (request.masks === 'real') return Promise.resolve(real.masks);
  return request.masks === 'model'
    ? fromModel(request, context, learned, real, options)
    : fromFiles(request.masks);
}
