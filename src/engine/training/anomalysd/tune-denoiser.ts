// B1: the inpainting denoiser learns to repair holes of good windows.

import { namedRng } from '../../../core/base/rng.ts';
import type { StepPlan } from '../../../core/memory/plan.ts';
import { initialAdapters } from '../../../core/recipes/adapters.ts';
import type { AnomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import { startRows, TOKEN_ROWS } from '../../../core/recipes/token-rows.ts';
import { TABLE } from '../../../core/recipes/trainable-denoiser.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import { type Backbone, holeCells } from '../../backbones/backbone.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { createStep } from '../create-step.ts';
import type { HoleExample } from '../latent/good-examples.ts';
import { holeBatch } from '../latent/hole-batch.ts';
import { type Arrays, type CurvePoint, type Resumed, runPhase } from '../latent/updates.ts';
import type { AnomalySdPreset } from './preset.ts';
import { denoiserStep, usesRegion } from './programs.ts';
import type { ClassPrompts } from './prompts.ts';

export const DENOISER_PHASE = 'repairing good windows';

export interface TuneDenoiser {
  readonly backbone: Backbone;
  readonly prompts: ClassPrompts;
  readonly settings: AnomalySdSettings;
  readonly preset: AnomalySdPreset;
  readonly examples: readonly HoleExample[];
  readonly seed: number;
  readonly adapterRank: number;
  readonly plan: StepPlan;
  readonly compile: CompileOptions;
}

/** Trained weights under the names of the graph's inputs: U-Net or adapters, and the token's row. */
export async function tuneDenoiser(
  input: TuneDenoiser,
  context: RunContext,
  resumed: Resumed | null,
): Promise<{ trained: Arrays; curve: CurvePoint[] }> {
  const { backbone, prompts, settings, preset, examples, seed, adapterRank, plan, compile } = input;
  const isPast = resumed !== null && resumed.phase !== DENOISER_PHASE;
  const rows = preset.rows / plan.parts;
  const { added, addedTokens } = prompts;
  const built = denoiserStep({
    backbone,
    rows,
    added,
    addedTokens,
    adapterRank,
    lossMean: settings.lossMean,
  });
  if (isPast) return { trained: { ...resumed.kept }, curve: [] };
  const base = backbone.denoiserWeights();
  const own: Arrays = initialAdapters(built.adapters, (name) => namedRng(seed, `adapter/${name}`));
  const { hiddenSize } = backbone.networks.text;
  for (const name of built.step.parameters.keys()) {
    if (own[name]) continue;
    own[name] =
      name === TOKEN_ROWS
        ? startRows(base[TABLE], hiddenSize, prompts.starts, namedRng(seed, 'token rows'))
        : sharedCopy(base[name]);
  }
  const step = await createStep(built.step, own, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    compile,
    plan,
    rateGroup: (name) => (name === TOKEN_ROWS ? 'tokens' : 'networks'),
  });
  const regions = new Map<HoleExample, Float32Array>();
  const region = (example: HoleExample): Float32Array => {
    const cells = usesRegion(settings) ? holeCells(example.hole, backbone.size, backbone.latentSize) : null;
    const known = regions.get(example) ?? (cells ? Float32Array.from(cells) : EVERYWHERE(backbone));
    regions.set(example, known);
    return known;
  };
  const batchOptions = { rows, dropWords: settings.dropWords, unconditional: prompts.unconditional, region };
  try {
    await step.hold(Object.fromEntries(built.frozen.map((name) => [name, sharedCopy(base[name])])));
    const curve = await runPhase(
      step,
      own,
      {
        name: DENOISER_PHASE,
        steps: preset.steps,
        before: 0,
        seed,
        rate: (name) => (name === TOKEN_ROWS ? settings.tokenRate : settings.rate),
        batches: (rng) =>
          Array.from({ length: plan.parts }, () =>
            withoutRegion(holeBatch(backbone, examples, batchOptions, rng)),
          ),
        kept: {},
      },
      context,
      resumed,
    );
    return { trained: own, curve };
  } finally {
    await step.release();
  }

  /** A loss over the whole latent has no such input. */
  function withoutRegion(batch: ReturnType<typeof holeBatch>): ReturnType<typeof holeBatch> {
    if (usesRegion(settings)) return batch;
    const { region: _, ...rest } = batch;
    return rest;
  }
}

const EVERYWHERE = ({ latentSize }: Backbone) => new Float32Array(latentSize ** 2).fill(1);
