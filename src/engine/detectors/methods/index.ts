// The method of every kind of detector.

import type { DetectorMethod } from '../method.ts';
import type { DetectorKind, DetectorSettings } from '../settings.ts';
import { destsegMethod } from './destseg.ts';
import { draemMethod } from './draem.ts';
import { type MemoryMethod, memoryMethod } from './memory.ts';
import { unetMethod } from './unet.ts';

type Maker<M> = (settings: DetectorSettings, packPath?: string) => M;

/** Kinds that are trained by gradient. */
const TRAINED: Readonly<Record<Exclude<DetectorKind, 'memory'>, Maker<DetectorMethod>>> = {
  unet: unetMethod,
  draem: draemMethod,
  destseg: destsegMethod,
};

export function methodOf(
  kind: DetectorKind,
  settings: DetectorSettings,
  packPath?: string,
): DetectorMethod | MemoryMethod {
  return kind === 'memory' ? memoryMethod(settings, packPath) : TRAINED[kind](settings, packPath);
}
