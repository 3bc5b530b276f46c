// What the window says about splits, in the contract's words.

import type { FlawsmithClient } from '../../../contract/contract.ts';

export type SplitOverview = Awaited<ReturnType<FlawsmithClient['splits']['overview']>>;
export type SplitCount = SplitOverview['counts'][number];
export type Split = NonNullable<SplitCount['split']>;
export type LeakInfo = SplitOverview['leaks'][number];

export const SPLITS: readonly Split[] = ['train', 'validation', 'test'];
