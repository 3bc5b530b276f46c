// The weights behind the attribute board. No weight in a row means: its own attribute alone.

export type Weights = Readonly<Record<string, number>>;

/** One slider of the board. */
export interface Move {
  /** The tokens of all types for one attribute. */
  row: readonly string[];
  /** The target type's own. */
  own: string;
  token: string;
  /** 0 to 1. */
  value: number;
}

/** The first change in a row states the rest of it; a row back at its own alone is left out; never all zero. */
export function changedWeights(weights: Weights, { row, own, token, value }: Move): Record<string, number> {
  const next = { ...weights };
  if (isUntouched(weights, row)) for (const each of row) next[each] = each === own ? 1 : 0;
  next[token] = value;
  if (row.every((each) => next[each] === 0)) next[own] = 1;
  const alone = row.every((each) => (each === own ? next[each] > 0 : next[each] === 0));
  if (alone) for (const each of row) delete next[each];
  return next;
}

/** Part of the mix that a token has with this value, in whole per cent. */
export function shareOf(weights: Weights, { row, own, token, value }: Move): number {
  const untouched = isUntouched(weights, row);
  const of = (each: string): number => {
    if (each === token) return value;
    return untouched ? Number(each === own) : (weights[each] ?? 0);
  };
  const sum = row.reduce((total, each) => total + of(each), 0);
  return sum === 0 ? 0 : Math.round((100 * value) / sum);
}

function isUntouched(weights: Weights, row: readonly string[]): boolean {
  return row.every((each) => weights[each] === undefined);
}
