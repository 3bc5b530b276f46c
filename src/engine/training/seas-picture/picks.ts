// Which pictures, in which position, an update sees: functions of the seed and the update's number alone.

import { namedRng } from '../../../core/base/rng.ts';
import type { SeasPictureSettings } from '../../../core/recipes/seas/picture-settings.ts';
import { drawVariant } from '../../../core/recipes/seas/square-variants.ts';

/** One picture of one update. */
export interface Picked {
  /** Index among the defects, or among the good pictures. */
  readonly index: number;
  readonly variant: number;
}

export interface Picks {
  readonly anomalies: readonly Picked[];
  readonly normals: readonly Picked[];
}

export interface PickOptions {
  readonly seed: number;
  /** Pictures there are. */
  readonly defects: number;
  readonly good: number;
  readonly settings: PickSettings;
}

export interface PickSettings {
  readonly pairing: SeasPictureSettings['pairing'];
  readonly augment: SeasPictureSettings['augment'];
}

/** A good picture is turned as the defect of its row (methods.md 1.2). */
export function picksOf(
  { seed, defects, good, settings }: PickOptions,
  stream: string,
  update: number,
  rows: { readonly anomalies: number; readonly normals: number },
): Picks {
  const rng = namedRng(seed, `${stream} ${update} pictures`);
  const draw = (): Picked => ({
    index: rng.int(defects),
    variant: settings.augment ? drawVariant(rng) : 0,
  });
  const anomalies = Array.from({ length: rows.anomalies }, draw);
  const normals = Array.from({ length: rows.normals }, (_, k): Picked => {
    const beside = anomalies[k % anomalies.length];
    const any = rng.int(good);
    return { index: settings.pairing === 'fixed' ? beside.index % good : any, variant: beside.variant };
  });
  return { anomalies, normals };
}

/** Every (picture, position) of some updates, each once, in order. */
export function distinct(picks: Iterable<Picks>, of: keyof Picks): Picked[] {
  const found = new Map<string, Picked>();
  for (const each of picks) for (const pick of each[of]) found.set(`${pick.index}/${pick.variant}`, pick);
  return [...found.values()].sort((a, b) => a.index - b.index || a.variant - b.variant);
}
