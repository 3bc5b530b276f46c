// Makes the previews of a running fine-tune at their moments, whatever is trained and wherever it lives.

import { mergeAdapters } from '../../../core/recipes/adapters.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { Step } from '../create-step.ts';
import { previewMoments } from './preview-moments.ts';
import { type PreviewInput, Previews } from './previews.ts';

type Arrays = Record<string, Float32Array>;

export interface ShowInput {
  readonly preview: PreviewInput;
  readonly steps: number;
  /** All weights of the networks; with adapters those of the base. */
  readonly weights: Arrays;
  /** What is trained. */
  readonly own: Arrays;
  readonly adapterRank: number;
}

export interface ProgressShow {
  /** Shows the state after so many updates where this is a moment for it, or the end. */
  at(step: Step, updates: number, isEnd?: boolean): Promise<void>;
  release(): Promise<void>;
}

const NOTHING: ProgressShow = { at: async () => {}, release: async () => {} };

/** The networks are compiled when they are first needed. */
export function progressShow(input: ShowInput, { watch, signal }: RunContext): ProgressShow {
  if (watch === undefined) return NOTHING;
  const moments = new Set(previewMoments(input.steps));
  let previews: Previews | null = null;
  let merged: Arrays = {};
  /** The weights with the adapters in them, in arrays of their own. */
  const current = (): Arrays => {
    const { weights, own, adapterRank } = input;
    if (adapterRank === 0) return weights;
    const changed = Object.keys(own)
      .filter((name) => name.endsWith('.lora_up'))
      .map((name) => name.slice(0, -'.lora_up'.length));
    for (const name of changed) {
      merged[name] ??= sharedCopy(weights[name]);
      merged[name].set(weights[name]);
    }
    mergeAdapters(merged, own, adapterRank);
    return { ...weights, ...merged };
  };
  return {
    async at(step, updates, isEnd = false) {
      if (!isEnd && !moments.has(updates)) return;
      if (watch.hasPreviews(updates)) return;
      previews ??= await Previews.create(input.preview);
      await step.download();
      const pictures = await previews.make(current(), updates === 0, signal);
      await watch.storePreviews(updates, pictures);
    },
    async release() {
      await previews?.release();
      previews = null;
      merged = {};
    },
  };
}
