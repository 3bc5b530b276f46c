// Feature memory (PatchCore, Roth et al. 2022) on the pack's features: distance to the nearest good patch.

import { Builder } from '../../../core/graph/builder.ts';
import type { Program } from '../../../core/graph/graph.ts';
import type { Value } from '../../../core/graph/value.ts';
import { bilinear } from '../../../core/nets/functional.ts';
import { type PackFeature, packFeatures } from '../../../core/recipes/detector/pack-features.ts';
import { nearestDistance, patchMap, patchRows } from '../../../core/recipes/detector/patches.ts';
import type { ScoringMethod } from '../method.ts';
import { type FrozenPack, frozenPack } from '../pack-networks.ts';
import type { DetectorSettings } from '../settings.ts';

/** Features that make up a patch: texture from the encoder, context from the U-Net. */
const FEATURES: readonly PackFeature[] = ['encoder32', 'unet16'];
/** A patch stands for this many px of the window. */
const PATCH = 4;

export interface MemoryMethod extends ScoringMethod {
  /** Channels of a patch. */
  readonly channels: number;
  /** Input `image` [rows,3,S,S]; output `rows` [P,channels], not yet normalised. */
  patches(rows: number): Program;
}

function patchesOf(b: Builder, rows: number, side: number, { networks }: FrozenPack): Value {
  const features = packFeatures(b, b.input('image', [rows, 3, side, side]), networks);
  const maps = FEATURES.map((name) => features[name]);
  return patchRows(b, patchMap(b, maps, side / PATCH));
}

export function memoryMethod(settings: DetectorSettings, packPath?: string): MemoryMethod {
  const { window: side, memoryRows } = settings;
  const pack = frozenPack(packPath);
  const [, channels] = patchesOf(new Builder(), 1, side, pack).shape;
  return {
    channels,
    frozen: pack.weights,
    imageScore: { rule: 'pooledMax', size: 5 },
    patches: (rows) => ({ outputs: { rows: patchesOf(new Builder(), rows, side, pack) } }),
    scoring(rows) {
      const b = new Builder();
      const patches = patchesOf(b, rows, side, pack);
      const centred = b.sub(patches, b.input('memory.mean', [channels]));
      const scaled = b.mul(centred, b.input('memory.gain', [channels]));
      const memory = b.input('memory.rows', [memoryRows, channels]);
      const distance = nearestDistance(b, scaled, memory, b.input('memory.squares', [memoryRows]));
      const size = side / PATCH;
      const map = bilinear(b, b.reshape(distance, [rows, 1, size, size]), [side, side]);
      return { outputs: { map: b.reshape(map, [rows, side, side]) } };
    },
  };
}
