// The memory of good patches, and the distance above which a patch counts as unlike them (methods.md 3.4, step 2).

import { namedRng } from '../../../core/base/rng.ts';
import type { Planes } from '../../../core/image/raster.ts';
import { cropToPlanes } from '../../../core/image/window-crop.ts';
import { quantile } from '../../../core/metrics/quantile.ts';
import { thinned } from '../../../core/recipes/anomalysd/prototypes.ts';
import type { AnomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import {
  coveringWindows,
  drawGoodWindow,
  type GoodSource,
  touches,
} from '../../../core/recipes/anomalysd/windows.ts';
import { turnIndices } from '../../../core/recipes/windows/window-augment.ts';
import type { PatchNetworks } from '../../inspect/patch-networks.ts';
import { signed } from '../latent/good-examples.ts';

/** Drawn windows that the distance of good patches is measured on. */
const MEASURED = 16;
const ALL_TURNS = [0, 1, 2, 3, 4, 5, 6, 7];

export interface Prototypes {
  /** [M, width] */
  readonly bank: Float32Array;
  readonly threshold: number;
  /** Per tap, of every channel on good windows. */
  readonly variances: readonly Float32Array[];
}

export interface PrototypeInput {
  readonly sources: readonly GoodSource[];
  readonly windowPx: number;
  readonly size: number;
  readonly settings: AnomalySdSettings;
  readonly seed: number;
  readonly signal: AbortSignal;
}

function turned(image: Planes, k: number): Float32Array {
  const area = image.width * image.height;
  const from = turnIndices(image.width, k);
  return signed(image).map((_, i, all) => all[Math.floor(i / area) * area + from[i % area]]);
}

/** Patches of one picture's windows, in every turn. */
async function patchesOf(
  patches: PatchNetworks,
  { raster, foreground, white }: GoodSource,
  { windowPx, size, settings, signal }: PrototypeInput,
): Promise<Float32Array[]> {
  const out: Float32Array[] = [];
  for (const rect of coveringWindows(raster, windowPx, settings.overlap)) {
    if (foreground !== null && !touches(foreground, rect)) continue;
    const image = cropToPlanes(raster, rect, size, size, { white });
    signal.throwIfAborted();
    const turns = settings.turns ? ALL_TURNS : [0];
    out.push(...(await patches.vectors(turns.map((k) => turned(image, k)))));
  }
  return out;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * The threshold is a quantile of the distances of good patches to the bank: of each picture to the others' patches,
 * or with one picture of its own windows, drawn anew and exposed differently.
 */
export async function buildPrototypes(patches: PatchNetworks, input: PrototypeInput): Promise<Prototypes> {
  const { sources, windowPx, size, settings, seed } = input;
  const { width } = patches;
  const byPicture: Float32Array[] = [];
  for (const source of sources) byPicture.push(joined(await patchesOf(patches, source, input)));
  const thin = (rows: Float32Array, name: string) =>
    thinned(rows, width, settings.prototypes, namedRng(seed, `prototypes ${name}`));
  const bank = thin(joined(byPicture), 'bank');
  const distances: number[] = [];
  const good: Float32Array[] = [];
  for (let i = 0; i < MEASURED; i++) {
    const at = i % sources.length;
    const others = byPicture.filter((_, k) => k !== at);
    const reference = others.length > 0 ? thin(joined(others), `without ${at}`) : bank;
    const rng = namedRng(seed, `good patches ${i}`);
    const window = drawGoodWindow(sources[at], windowPx, size, true, rng);
    good.push(signed(window.image));
    const [vectors] = await patches.vectors([good[i]]);
    distances.push(...(await patches.distances(vectors, reference)));
  }
  const variances = await patches.variances(good, settings.differenceBlur);
  return { bank, threshold: quantile(distances, settings.prototypeQuantile) as number, variances };
}
