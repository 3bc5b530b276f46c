// Fine-tunes the denoiser: whole U-Net or adapters, and the token table (methods.md 1.4, 1.8).

import { namedRng } from '../../../core/base/rng.ts';
import type { StepPlan } from '../../../core/memory/plan.ts';
import { initialAdapters, mergeAdapters } from '../../../core/recipes/adapters.ts';
import { TABLE } from '../../../core/recipes/trainable-denoiser.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { createStep } from '../create-step.ts';
import { type BatchMaterial, pictureBatch } from './batch.ts';
import { type Picks, picksOf } from './picks.ts';
import type { PicturePreset } from './preset.ts';
import { tunedProgram } from './programs.ts';
import { type Arrays, type CurvePoint, type Resumed, rateScale, runUpdates, type Told } from './updates.ts';

export const TUNE_PHASE = 'fine-tune';

export interface FineTune extends BatchMaterial {
  /** `unet/...` and `text/...`; the trained ones are changed in place, adapters are added to theirs. */
  readonly weights: Arrays;
  readonly preset: PicturePreset;
  readonly seed: number;
  /** 0 trains the whole U-Net. */
  readonly adapterRank: number;
  readonly plan: StepPlan;
  readonly compile: CompileOptions;
  readonly told: Told;
}

export interface Tuned {
  /** Adapters or the U-Net, and the token table, under graph names. */
  readonly trained: Arrays;
  readonly curve: readonly CurvePoint[];
  /** Updates that were done: fewer than planned where the user ended it. */
  readonly steps: number;
}

/** The part of an update's pictures that one micro-batch gets. */
function partOf({ anomalies, normals }: Picks, part: number, parts: number): Picks {
  const share = <T>(items: readonly T[]) =>
    items.slice((part * items.length) / parts, ((part + 1) * items.length) / parts);
  return { anomalies: share(anomalies), normals: share(normals) };
}

export async function fineTunePictures(
  input: FineTune,
  context: RunContext,
  resumed: Resumed | null,
): Promise<Tuned> {
  const { model, weights, preset, settings, squares, seed, adapterRank, plan, compile, told } = input;
  const { anomalies, normals, steps } = preset;
  const rows = { anomalies: anomalies / plan.parts, normals: normals / plan.parts };
  const { program, trained, adapters } = tunedProgram(model, rows, settings, preset.form, adapterRank);
  const start = initialAdapters(adapters, (name) => namedRng(seed, `adapter/${name}`));
  const own: Arrays = Object.fromEntries(
    [...trained.parameters.keys()].map((name) => [
      name,
      start[name] ? sharedCopy(start[name]) : weights[name],
    ]),
  );
  const fixed = Object.fromEntries(
    [...program.parameters.keys()].filter((name) => !own[name]).map((name) => [name, weights[name]]),
  );
  const step = await createStep(trained, own, {
    weightDecay: settings.weightDecay,
    maxNorm: settings.clip || Infinity,
    compile,
    plan,
    rateGroup: (name) => (name === TABLE ? 'tokens' : 'networks'),
  });
  const rate = adapterRank > 0 ? settings.adapterRate : settings.rate;
  const pickOptions = { seed, defects: squares.defects.length, good: squares.good.length, settings };
  try {
    await step.hold(fixed);
    const phase = {
      name: TUNE_PHASE,
      steps,
      before: 0,
      rate: (name: string, i: number) =>
        (name === TABLE ? settings.tokenRate : rate) * rateScale(settings, i, steps),
      batches: async (i: number) => {
        const picks = picksOf(pickOptions, TUNE_PHASE, i, preset);
        const rng = namedRng(seed, `update ${i}`);
        return Array.from({ length: plan.parts }, (_, part) =>
          pictureBatch(input, partOf(picks, part, plan.parts), program.scales, rng),
        );
      },
      kept: () => ({}),
      told,
      isMain: true,
    };
    const { curve, steps: done } = await runUpdates(step, own, phase, context, resumed);
    if (adapterRank > 0) mergeAdapters(weights, own, adapterRank);
    return { trained: own, curve, steps: done };
  } finally {
    await step.release();
  }
}

/** Puts what was trained into the weights: adapters are added, the rest replaces. */
export function applyTuned(weights: Arrays, trained: Readonly<Arrays>, adapterRank: number): void {
  if (adapterRank > 0) mergeAdapters(weights, trained, adapterRank);
  for (const [name, data] of Object.entries(trained)) {
    if (weights[name]) weights[name] = sharedCopy(data);
  }
}
