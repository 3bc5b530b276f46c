// Finds pictures that show nearly the same: one shot saved twice, resized, or taken again without moving the part.
// Pictures of one product look alike, so what counts is how they differ from their mean, and only its fine structure:
// light that changes slowly says nothing.

/** Small grey pictures, all of the same side. */
export interface Look {
  readonly key: string;
  /** [side*side] grey values 0..255. */
  readonly values: Uint8Array;
}

/** Correlation of fine structure from which two are near-duplicates. Unrelated photos of a product stay below 0.7. */
const ALIKE = 0.85;
/** The same where there are too few pictures for a mean. */
const ALIKE_ALONE = 0.995;
const FEWEST_FOR_MEAN = 8;
/** Fine structure weaker than this, in code values (root mean square), is rounding. */
const FLAT_RMS = 0.45;
/** Box that is taken out: 5 x 5. */
const REACH = 2;
/** Signs of random projections, three words of 32 bits. */
const WORDS = 3;
/** Of 96 signs: at correlation 0.85 about 17 differ, at 0.5 about 32. */
const MOST_SIGNS = 30;
/** Comparisons between two yields. */
const AT_ONCE = 200_000;

/**
 * Groups of keys with at least two members, in the order given, by their first member. Yields the share done, so that
 * the caller can let others work.
 */
export function* nearDuplicates(looks: readonly Look[]): Generator<number, string[][]> {
  const whole = looks.map((_, i) => i);
  const groups: number[][] = [];
  const waiting = [{ members: whole, first: true }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { members, first } = next;
    const detail = fineStructure(members.map((i) => looks[i].values));
    if (!first && isOnePicture(detail)) {
      groups.push(members);
      continue;
    }
    for (const found of yield* components(detail, members)) {
      // Seen against the mean of all, pictures from one camera position look alike; against their own they may not.
      if (found.length >= FEWEST_FOR_MEAN && found.length < members.length)
        waiting.push({ members: found, first: false });
      else groups.push(found);
    }
  }
  return groups
    .map((group) => group.sort((a, b) => a - b))
    .sort((a, b) => a[0] - b[0])
    .map((group) => group.map((i) => looks[i].key));
}

interface Detail {
  readonly count: number;
  readonly length: number;
  /** [N, length], unit length; zeros where flat. */
  readonly values: Float32Array;
  /** Root mean square before, in code values. */
  readonly rms: Float32Array;
  /** [N, WORDS]. */
  readonly signs: Uint32Array;
}

function fineStructure(looks: readonly Uint8Array[]): Detail {
  const count = looks.length;
  const length = looks[0]?.length ?? 0;
  const side = Math.round(Math.sqrt(length));
  const mean = new Float64Array(length);
  if (count >= FEWEST_FOR_MEAN) {
    for (const look of looks) for (let k = 0; k < length; k++) mean[k] += look[k];
    for (let k = 0; k < length; k++) mean[k] /= count;
  }
  const values = new Float32Array(count * length);
  const rms = new Float32Array(count);
  const rest = new Float64Array(length);
  const rows = new Float64Array(length);
  for (const [i, look] of looks.entries()) {
    for (let k = 0; k < length; k++) rest[k] = look[k] - mean[k];
    boxMean(rest, rows, side, 1);
    const blurred = values.subarray(i * length, (i + 1) * length);
    boxMean(rows, blurred, side, side);
    let squares = 0;
    for (let k = 0; k < length; k++) {
      blurred[k] = rest[k] - blurred[k];
      squares += blurred[k] ** 2;
    }
    rms[i] = Math.sqrt(squares / length);
    const scale = rms[i] < FLAT_RMS ? 0 : 1 / Math.sqrt(squares);
    for (let k = 0; k < length; k++) blurred[k] *= scale;
  }
  return { count, length, values, rms, signs: signsOf(values, count, length) };
}

/** Mean over 2*REACH+1 values along one axis; fewer at the border. */
function boxMean(from: Float64Array, to: Float64Array | Float32Array, side: number, step: number): void {
  const across = step === 1 ? side : 1;
  for (let line = 0; line < side; line++) {
    const start = line * across;
    for (let at = 0; at < side; at++) {
      const [lo, hi] = [Math.max(0, at - REACH), Math.min(side - 1, at + REACH)];
      let sum = 0;
      for (let j = lo; j <= hi; j++) sum += from[start + j * step];
      to[start + at * step] = sum / (hi - lo + 1);
    }
  }
}

function signsOf(values: Float32Array, count: number, length: number): Uint32Array {
  const signs = new Uint32Array(count * WORDS);
  let state = 0x9e3779b9;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const pairs = length >> 3;
  const at = new Uint32Array(2 * pairs);
  for (let bit = 0; bit < 32 * WORDS; bit++) {
    for (let j = 0; j < at.length; j++) at[j] = next() % length;
    for (let i = 0; i < count; i++) {
      const base = i * length;
      let sum = 0;
      for (let j = 0; j < at.length; j += 2) sum += values[base + at[j]] - values[base + at[j + 1]];
      if (sum > 0) signs[i * WORDS + (bit >> 5)] |= 1 << (bit & 31);
    }
  }
  return signs;
}

/** Whether all differ from their mean by coding noise only. */
function isOnePicture({ rms }: Detail): boolean {
  return rms.every((value) => value < 2 * FLAT_RMS);
}

function* components(detail: Detail, members: readonly number[]): Generator<number, number[][]> {
  const { count, signs, rms } = detail;
  const alike = count >= FEWEST_FOR_MEAN ? ALIKE : ALIKE_ALONE;
  const parent = members.map((_, i) => i);
  const rootOf = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  let since = 0;
  for (let i = 0; i < count; i++) {
    if (rms[i] < FLAT_RMS) continue;
    const [a, b, c] = [signs[i * WORDS], signs[i * WORDS + 1], signs[i * WORDS + 2]];
    for (let j = i + 1, at = j * WORDS; j < count; j++, at += WORDS) {
      const differ = ones(a ^ signs[at]) + ones(b ^ signs[at + 1]) + ones(c ^ signs[at + 2]);
      if (differ > MOST_SIGNS || rms[j] < FLAT_RMS) continue;
      const [x, y] = [rootOf(i), rootOf(j)];
      if (x !== y && correlation(detail, i, j) >= alike) parent[Math.max(x, y)] = Math.min(x, y);
    }
    since += count - i;
    if (since < AT_ONCE) continue;
    since = 0;
    yield (i + 1) / count;
  }
  const groups = Map.groupBy(members.keys(), rootOf);
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.map((i) => members[i]));
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

function correlation({ length, values }: Detail, i: number, j: number): number {
  let sum = 0;
  for (let k = 0, a = i * length, b = j * length; k < length; k++) sum += values[a + k] * values[b + k];
  return sum;
}
