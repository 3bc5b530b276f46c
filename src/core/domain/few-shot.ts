// Which defect pictures a fine-tune may see: the same choice for the same names and seed, everywhere.

import { invariant } from '../base/errors.ts';
import { namedRng } from '../base/rng.ts';
import { compareCodePoints } from './text-order.ts';

/** A defect picture as the choice sees it. */
export interface ShotFile {
  readonly id: string;
  readonly file: string;
  readonly type: string;
}

export interface ShotParameters {
  /** Pictures per type a method trains on. */
  readonly shots: number;
  readonly shotSeed: number;
}

/** What the choice means for one type. */
export interface TypeShots {
  readonly type: string;
  readonly total: number;
  /** Pictures kept away from the test set whatever `shots` is. */
  readonly reserved: number;
  readonly shots: number;
  readonly test: number;
  /** Why the type is special, as a sentence; null where it is not. */
  readonly note: string | null;
}

export interface ShotChoice {
  /** Ids, by type and then in drawing order: fewer shots are always a prefix of more. */
  readonly shots: string[];
  /** Ids of all reserved pictures, shots included. */
  readonly reserved: string[];
  readonly test: string[];
  /** Sorted by name. */
  readonly types: TypeShots[];
}

const RESERVE = 8;
const SMALL_RESERVE = 3;
/** Types with fewer pictures than this reserve `SMALL_RESERVE`. */
const SMALL_TYPE = 12;

/**
 * Per type: file names sorted by code point, permuted by the stream `shots/TYPE` of `shotSeed`; the first 8 (3 of
 * types below 12 pictures) are reserved, the first `shots` of those are trained on, the rest is the test set.
 * `shots` above the reserve is cut to it and reported.
 */
export function chooseShots(files: readonly ShotFile[], { shots, shotSeed }: ShotParameters): ShotChoice {
  invariant(Number.isInteger(shots) && shots >= 1, `shots must be a positive integer, got ${shots}`);
  const byType = new Map<string, ShotFile[]>();
  for (const file of files) {
    const list = byType.get(file.type) ?? [];
    list.push(file);
    byType.set(file.type, list);
  }
  const choice: ShotChoice = { shots: [], reserved: [], test: [], types: [] };
  for (const type of [...byType.keys()].sort(compareCodePoints)) {
    const sorted = byType.get(type)!.sort((a, b) => compareCodePoints(a.file, b.file));
    const ids = namedRng(shotSeed, `shots/${type}`)
      .permutation(sorted.length)
      .map((i) => sorted[i].id);
    const reserve = Math.min(ids.length, ids.length < SMALL_TYPE ? SMALL_RESERVE : RESERVE);
    const used = Math.min(shots, reserve);
    choice.shots.push(...ids.slice(0, used));
    choice.reserved.push(...ids.slice(0, reserve));
    choice.test.push(...ids.slice(reserve));
    const test = ids.length - reserve;
    choice.types.push({
      type,
      total: ids.length,
      reserved: reserve,
      shots: used,
      test,
      note: note(shots, used, test),
    });
  }
  return choice;
}

function note(wanted: number, used: number, test: number): string | null {
  const parts: string[] = [];
  if (used < wanted) parts.push(`only ${used} of the ${wanted} shots asked for are available`);
  if (test === 0) parts.push('no picture is left for testing; this type is reported, not scored');
  return parts.length === 0 ? null : parts.join('; ');
}
