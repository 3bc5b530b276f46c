// What the user has chosen to export, remembered per product.

import { type JobRequest, useStored } from '../../api/index.ts';

export type ExportInput = Extract<JobRequest, { method: 'exports.export' }>['input'];
export type Format = ExportInput['format'];
export type Part = ExportInput['parts'];
export type Split = NonNullable<ExportInput['splits']>[number];

export const SPLITS: readonly Split[] = ['train', 'validation', 'test'];
export const PARTS: readonly Part[] = ['both', 'generated', 'real'];

export type Choice = {
  format: Format;
  parts: Part;
  /** Types and splits that are left out, so that new ones come along. */
  withoutTypes: string[];
  withoutSplits: Split[];
  /** Folder that the new one is made in; null before it was chosen. */
  parent: string | null;
};

export type Change = (change: Partial<Choice>) => void;

export function useChoice(product: string, accepted: number): [Choice, Change] {
  const [choices, store] = useStored<Record<string, Choice>>('export.choices', {});
  const first: Choice = {
    format: 'mvtec',
    parts: accepted > 0 ? 'both' : 'real',
    withoutTypes: [],
    withoutSplits: [],
    parent: null,
  };
  const choice = { ...first, ...choices[product] };
  return [choice, (change) => store({ ...choices, [product]: { ...choice, ...change } })];
}

/** The contract's words for a choice; `types` are those the product has. */
export function contentsOf(choice: Choice, product: string, types: readonly string[]) {
  const { format, parts, withoutTypes, withoutSplits } = choice;
  const without = types.filter((type) => withoutTypes.includes(type));
  const splits = SPLITS.filter((split) => !withoutSplits.includes(split));
  return {
    product,
    format,
    parts,
    ...(without.length > 0 && { types: types.filter((type) => !without.includes(type)) }),
    ...(splits.length < SPLITS.length && { splits }),
  };
}

/** A name that tells what is in it. */
export function suggestedName(product: string, format: Format, now = new Date()): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${product}-${format}-${day.join('-')}`;
}
