// SeaS's unbalanced abnormal prompts: one token for the product, N tokens per defect type (methods.md 1.3).

import { invariant } from '../../base/errors.ts';

export const TOKENS_PER_TYPE = 4;
/** Words whose embeddings the new tokens start from, where the vocabulary has them. */
export const START_WORDS = { normal: 'object', anomaly: 'defect' } as const;

export interface SeasTokens {
  readonly normal: string;
  /** Per defect type, in the order of the sorted type names. */
  readonly anomaly: readonly (readonly string[])[];
}

/** `ob1`, and `sks1`...`sksN` for the first type, the next N for the second, and so on. */
export function seasTokens(types: number, perType = TOKENS_PER_TYPE): SeasTokens {
  return {
    normal: 'ob1',
    anomaly: Array.from({ length: types }, (_, t) =>
      Array.from({ length: perType }, (_, i) => `sks${t * perType + i + 1}`),
    ),
  };
}

/** Every token in the order in which it is added to the vocabulary. */
export function tokenNames(tokens: SeasTokens): string[] {
  return [tokens.normal, ...tokens.anomaly.flat()];
}

export function normalPrompt(tokens: SeasTokens): string {
  return `a ${tokens.normal}`;
}

/** `a ob1 with sks1 sks2 sks3 sks4` (the released code's form: spaces, no commas). */
export function anomalyPrompt(tokens: SeasTokens, type: number): string {
  invariant(type >= 0 && type < tokens.anomaly.length, `defect type ${type} of ${tokens.anomaly.length}`);
  return `a ${tokens.normal} with ${tokens.anomaly[type].join(' ')}`;
}

/**
 * Where the wanted tokens stand: one-hot rows [B,T,L], flat, for `attention-maps.ts`. Tokens are found by id, so
 * any prompt that holds each of them will do.
 * @param inputIds [B,L] flat
 * @param wanted per prompt T ids: the product's token first, then the type's anomaly tokens
 */
export function tokenSelection(
  inputIds: ArrayLike<number>,
  length: number,
  wanted: readonly (readonly number[])[],
): Float32Array {
  const rows = wanted[0]?.length ?? 0;
  const out = new Float32Array(wanted.length * rows * length);
  wanted.forEach((ids, item) => {
    invariant(ids.length === rows, 'every prompt needs the same number of wanted tokens');
    ids.forEach((id, row) => {
      let at = 0;
      while (at < length && inputIds[item * length + at] !== id) at++;
      invariant(at < length, `prompt ${item} does not hold token ${id}`);
      out[(item * rows + row) * length + at] = 1;
    });
  });
  return out;
}
