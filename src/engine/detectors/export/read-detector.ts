// Opens a detector from the folder it was exported to; needs no pack.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../../core/base/errors.ts';
import type { Raster } from '../../../core/image/raster.ts';
import { readBounded } from '../../imaging/index.ts';
import { openModel } from '../../runtime/executable.ts';
import type { ScoreMap } from '../detector.ts';
import { WindowScorer } from '../window-scorer.ts';
import { DESCRIPTION_FILE, type DetectorDescription, ONNX_FILE, parseDescription } from './description.ts';

const MOST_BYTES = { [ONNX_FILE]: 512 * 2 ** 20, [DESCRIPTION_FILE]: 2 ** 20 };

export interface ExportedDetector {
  readonly description: DetectorDescription;
  score(picture: Raster, signal?: AbortSignal): Promise<ScoreMap>;
  release(): Promise<void>;
}

/** Throws not-found, or bad-weights where description and network do not belong together. */
export async function readDetector(folder: string, threads: number): Promise<ExportedDetector> {
  const read = (name: keyof typeof MOST_BYTES) => {
    const file = join(folder, name);
    return readBounded(file, MOST_BYTES[name], file);
  };
  const text = Buffer.from(await read(DESCRIPTION_FILE)).toString('utf8');
  const description = parseDescription(text, join(folder, DESCRIPTION_FILE));
  const model = await read(ONNX_FILE);
  if (createHash('sha256').update(model).digest('hex') !== description.files.sha256)
    throw new AppError('bad-weights', 'the network is not the one that its description names', {
      file: join(folder, ONNX_FILE),
      hint: 'Copy the folder again, or export the detector again.',
    });
  const [, , side] = description.input.shape;
  const float = (shape: readonly number[]) => ({ dtype: 'float32' as const, shape });
  const executable = await openModel(model, threads, {
    inputs: { image: float([1, 3, side, side]) },
    outputs: { map: float([1, side, side]) },
  });
  const scorer = new WindowScorer(executable, side, 1);
  const { picture, imageScore, input } = description;
  const way = { scale: picture.scale, overlap: picture.overlap, white: input.white.bits16, imageScore };
  return {
    description,
    score: (raster, signal) => scorer.picture(raster, way, signal),
    release: () => scorer.release(),
  };
}
