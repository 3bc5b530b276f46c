// The cases of ops/index.json and readers for their attributes, which come in several spellings.

export type Attrs = Readonly<Record<string, unknown>>;

export interface OpsCase {
  readonly name: string;
  readonly op: string;
  readonly attrs: Attrs;
  readonly inputs: readonly string[];
  readonly outputs: number;
  readonly grads: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly outShapes: readonly (readonly number[])[];
  /** Distance of float32 PyTorch from the float64 reference. */
  readonly fp32MaxAbs: number;
}

export interface OpsIndex {
  readonly tensors: string;
  readonly cases: readonly OpsCase[];
}

export function number(attrs: Attrs, key: string, fallback?: number): number {
  const value = attrs[key] ?? fallback;
  if (typeof value !== 'number') throw new Error(`attribute ${key} is ${JSON.stringify(value)}`);
  return value;
}

export function flag(attrs: Attrs, key: string, fallback: boolean): boolean {
  return (attrs[key] ?? fallback) === true;
}

export function numbers(attrs: Attrs, key: string): number[] {
  const value = attrs[key];
  if (!Array.isArray(value)) throw new Error(`attribute ${key} is ${JSON.stringify(value)}`);
  return value.map(Number);
}

/** One number for both axes, or [vertical, horizontal]. */
export function pair(attrs: Attrs, key: string, fallback: number): [number, number] {
  const value = attrs[key] ?? fallback;
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number(value), Number(value)];
}

/** 'all' or a list; one number is a list of one. */
export function axes(attrs: Attrs): readonly number[] | 'all' {
  const value = attrs.axes ?? attrs.axis ?? 'all';
  if (value === 'all') return 'all';
  if (value === 'last') return [-1];
  return Array.isArray(value) ? value.map(Number) : [Number(value)];
}

/** [[top, bottom], [left, right]] of `pads_begin_end_hw`. */
export function padsHw(attrs: Attrs): [[number, number], [number, number]] {
  const [[top, bottom], [left, right]] = attrs.pads_begin_end_hw as number[][];
  return [
    [top, bottom],
    [left, right],
  ];
}

/** The number after `word` in a sentence such as "right 1, bottom 1 (zeros), then stride 2, padding 0". */
export function spoken(sentence: string, word: string, fallback: number): number {
  const found = new RegExp(`${word}\\s+(\\d+)`).exec(sentence);
  return found ? Number(found[1]) : fallback;
}
