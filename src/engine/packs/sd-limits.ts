// Bounds on what a configuration may ask for, checked before a network of that size is laid out.

import { AppError } from '../../core/base/errors.ts';

/** Far above every published model, far below what would fill the memory with shapes alone. */
const MOST = 16_384;
const MOST_BLOCKS = 12;
const LIMITS: Readonly<Record<string, number>> = {
  layersPerBlock: 64,
  transformerLayersPerBlock: 64,
  layers: 96,
  sampleSize: 1024,
  maxPositions: 4096,
  vocabSize: 2_000_000,
  eosTokenId: 2_000_000,
};

/** Returns the configuration, or throws bad-pack naming the value that is out of reason. */
export function withinReason<C extends object>(config: C, file: string): C {
  for (const [key, value] of Object.entries(config)) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const limit = LIMITS[key] ?? MOST;
    const tooLarge = list.find((v) => typeof v === 'number' && v > limit);
    if (tooLarge === undefined && list.length <= MOST_BLOCKS) continue;
    const what = tooLarge === undefined ? `${list.length} blocks` : `${tooLarge}`;
    throw new AppError('bad-pack', `${key} of ${what} is out of reason`, {
      file,
      hint: 'The configuration is damaged, or made to do harm. Copy the model again from where it came from.',
    });
  }
  return config;
}
