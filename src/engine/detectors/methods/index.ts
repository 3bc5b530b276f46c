// The method of every kind of detector.

import type { DetectorMethod } from '../method.ts';
import type { DetectorKind, DetectorSettings } from '../settings.ts';
import { type MemoryMethod, memoryMethod } from './memory.ts';
import { unetMethod } from './unet.ts';

type Maker<M> = (settings: DetectorSettings, packPath?: string) => M;

/** Kinds that are trained by gradient. */
const TRAINED: Readonly<Record<Exclude<DetectorKind, 'memory'>, Maker<DetectorMethod>>> = {
  unet: unetMethod,
  draem: unetMethod,
  destseg: unetMethod,
};

export function methodOf(
  kind: DetectorKind,
  settings: DetectorSettings,
  packPath?: string,
): DetectorMethod | MemoryMethod {
  return kind === 'memory' ? memoryMethod(settings, packPath) : TRAINED[kind](settings, packPath);
}
