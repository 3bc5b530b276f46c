// Which pictures of a product a proof trains on, validates with and tests on (interfaces.md: few-shot choice and splits).

import { namedRng } from '../base/rng.ts';
import { chooseShots, type TypeShots } from '../domain/few-shot.ts';
import type { ImageRole, ImageSplit } from '../domain/import-report.ts';
import { compareCodePoints } from '../domain/text-order.ts';

/** A picture as the split sees it; one with defects of several types has a row for each, with the same content. */
export interface ProofPicture {
  readonly id: string;
  readonly file: string;
  /** Equal content is one picture. */
  readonly sha256: string;
  readonly role: ImageRole;
  readonly split: ImageSplit | null;
  readonly type: string | null;
  /** Physical part; null where it is unknown. */
  readonly group: string | null;
  readonly hasMask: boolean;
}

/** A test or validation picture: all its rows, none for a good one but itself. */
export interface TestPicture {
  readonly rows: readonly ProofPicture[];
  readonly isDefect: boolean;
}

export interface TypeSplit {
  readonly type: string;
  readonly total: number;
  readonly shots: number;
  readonly validation: number;
  readonly test: number;
  readonly note: string | null;
}

export interface ProofSplit {
  /** Rows, by type and then in drawing order. */
  readonly shots: readonly ProofPicture[];
  /** Kept for shots but not trained on; they choose the stopping point and the threshold. */
  readonly validation: readonly TestPicture[];
  readonly trainingNormals: readonly ProofPicture[];
  readonly tests: readonly TestPicture[];
  readonly types: readonly TypeSplit[];
  /** Of a part that is trained on or validated with, so not tested. */
  readonly leftOut: readonly ProofPicture[];
  readonly partsKnown: boolean;
}

export interface SplitRequest {
  readonly shots: number;
  readonly shotSeed: number;
}

/** Good pictures held out where the source has no test split: a third, at most this many. */
const MOST_HELD_OUT = 24;

export function splitForProof(pictures: readonly ProofPicture[], request: SplitRequest): ProofSplit {
  const labelled = pictures.filter((p) => p.role === 'defect' && p.type !== null && p.hasMask);
  const choice = chooseShots(
    labelled.map(({ id, file, type }) => ({ id, file, type: type! })),
    request,
  );
  const byId = new Map(labelled.map((p) => [p.id, p]));
  const rows = (ids: readonly string[]) => ids.map((id) => byId.get(id)!);
  const scored = new Set(choice.types.filter((t) => t.test > 0).map((t) => t.type));
  const shots = rows(choice.shots).filter((p) => scored.has(p.type!));
  const shotContents = contents(shots);
  const rest = rows(choice.reserved).filter((p) => !shotContents.has(p.sha256) && scored.has(p.type!));
  const validation = wholePictures(contents(rest), labelled);
  const seen = new Set([...shotContents, ...contents(rest)]);
  const parts = partsOf([...shots, ...rest]);
  const ofSeenPart = (p: ProofPicture) => p.group !== null && parts.has(p.group);

  const wanted = rows(choice.test).filter((p) => scored.has(p.type!) && !seen.has(p.sha256));
  const tests = wholePictures(contents(wanted.filter((p) => !ofSeenPart(p))), labelled);
  const normals = splitNormals(pictures, request.shotSeed, parts);
  return {
    shots,
    validation,
    trainingNormals: normals.training,
    tests: [...tests, ...normals.test.map((p) => ({ rows: [p], isDefect: false }))],
    types: choice.types.map((type) => typeSplit(type, { shots, validation, tests })),
    leftOut: [...wanted.filter(ofSeenPart), ...normals.leftOut],
    partsKnown: pictures.some((p) => p.group !== null),
  };
}

const contents = (rows: readonly ProofPicture[]): Set<string> => new Set(rows.map((p) => p.sha256));

const partsOf = (rows: readonly ProofPicture[]): Set<string> =>
  new Set(rows.map((p) => p.group).filter((group) => group !== null));

/** Pictures with all their rows, in the order of their file names. */
function wholePictures(wanted: ReadonlySet<string>, labelled: readonly ProofPicture[]): TestPicture[] {
  const found = new Map<string, ProofPicture[]>();
  for (const row of labelled) {
    if (!wanted.has(row.sha256)) continue;
    const rows = found.get(row.sha256) ?? [];
    // The same content under two names is one picture, and has one row per type.
    if (!rows.some((r) => r.type === row.type)) rows.push(row);
    found.set(row.sha256, rows);
  }
  return [...found.values()]
    .map((rows) => ({ rows, isDefect: true }))
    .sort((a, b) => compareCodePoints(a.rows[0].file, b.rows[0].file));
}

interface Normals {
  readonly training: ProofPicture[];
  readonly test: ProofPicture[];
  readonly leftOut: ProofPicture[];
}

/** Test pictures are those of the source's test split; where there are none, a third is held out, part by part. */
function splitNormals(
  pictures: readonly ProofPicture[],
  seed: number,
  seenParts: ReadonlySet<string>,
): Normals {
  const all = uniqueContent(pictures.filter((p) => p.role === 'normal'));
  const given = all.filter((p) => p.split === 'test');
  const training = all.filter((p) => p.split !== 'test');
  const candidates = given.length > 0 && training.length > 0 ? given : heldOut(all, seed, seenParts);
  const chosen = new Set(candidates);
  const leftOut = candidates.filter((p) => p.group !== null && seenParts.has(p.group));
  const out = new Set(leftOut);
  return {
    training: all.filter((p) => !chosen.has(p)),
    test: candidates.filter((p) => !out.has(p)),
    leftOut,
  };
}

function heldOut(
  normals: readonly ProofPicture[],
  seed: number,
  seenParts: ReadonlySet<string>,
): ProofPicture[] {
  const parts = new Map<string, ProofPicture[]>();
  for (const picture of normals) {
    if (picture.group !== null && seenParts.has(picture.group)) continue;
    const part = picture.group ?? `picture ${picture.sha256}`;
    parts.set(part, [...(parts.get(part) ?? []), picture]);
  }
  const wanted = Math.min(MOST_HELD_OUT, Math.floor(normals.length / 3));
  const groups = [...parts.values()];
  const out: ProofPicture[] = [];
  for (const i of namedRng(seed, 'good test pictures').permutation(groups.length)) {
    if (out.length + groups[i].length <= wanted) out.push(...groups[i]);
  }
  return out.sort((a, b) => compareCodePoints(a.file, b.file));
}

/** One picture per content and split: a copy on the other side is the guard's to name. */
function uniqueContent(pictures: readonly ProofPicture[]): ProofPicture[] {
  const first = new Map<string, ProofPicture>();
  for (const picture of pictures) {
    const key = `${picture.sha256} ${picture.split === 'test'}`;
    if (!first.has(key)) first.set(key, picture);
  }
  return [...first.values()];
}

function typeSplit(
  { type, total, note }: TypeShots,
  of: { shots: readonly ProofPicture[]; validation: readonly TestPicture[]; tests: readonly TestPicture[] },
): TypeSplit {
  const count = (list: readonly TestPicture[]) =>
    list.filter((t) => t.rows.some((row) => row.type === type)).length;
  const test = count(of.tests);
  const missing = 'no picture is left for testing; this type is reported, not scored';
  return {
    type,
    total,
    shots: of.shots.filter((p) => p.type === type).length,
    validation: count(of.validation),
    test,
    note: note ?? (test === 0 ? missing : null),
  };
}
