// B2: the autoencoder's decoder learns this product's texture; the encoder stays, and with it the latent space.

import type { Rng } from '../../../core/base/rng.ts';
import type { StepPlan } from '../../../core/memory/plan.ts';
import type { AnomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import { type Backbone, latentLength } from '../../backbones/backbone.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { createStep } from '../create-step.ts';
import { type HoleExample, type HoleWindow, signed } from '../latent/good-examples.ts';
import { type Arrays, type CurvePoint, type Resumed, runPhase } from '../latent/updates.ts';
import type { AnomalySdPreset } from './preset.ts';
import { decoderStep } from './programs.ts';

export const DECODER_PHASE = 'decoder';

export interface TuneDecoder {
  readonly backbone: Backbone;
  readonly autoencoder: Readonly<Arrays>;
  readonly settings: AnomalySdSettings;
  readonly preset: AnomalySdPreset;
  readonly drawn: readonly HoleWindow[];
  readonly examples: readonly HoleExample[];
  readonly seed: number;
  readonly plan: StepPlan;
  readonly compile: CompileOptions;
  /** What the phase before trained. */
  readonly kept: Arrays;
}

/** Micro-batches of the decoder: one per lane. */
export function decoderParts(
  preset: AnomalySdPreset,
  { lanes, form }: StepPlan,
): StepPlan & { rows: number } {
  return { parts: lanes, lanes, form, rows: Math.max(1, Math.floor(preset.decoderRows / lanes)) };
}

export async function tuneDecoder(
  input: TuneDecoder,
  context: RunContext,
  resumed: Resumed | null,
): Promise<{ trained: Arrays; curve: CurvePoint[] }> {
  const { backbone, autoencoder, settings, preset, drawn, examples, seed, compile, kept } = input;
  const { rows, ...plan } = decoderParts(preset, input.plan);
  const built = decoderStep(backbone, rows, settings.perceptualWeight);
  const own: Arrays = {};
  for (const name of built.step.parameters.keys()) own[name] = sharedCopy(autoencoder[name]);
  const step = await createStep(built.step, own, { betas: [0.9, 0.99], maxNorm: 1, compile, plan });
  const [z, p] = [latentLength(backbone), 3 * backbone.size ** 2];
  const batch = (rng: Rng) => {
    const latent = new Float32Array(rows * z);
    const picture = new Float32Array(rows * p);
    for (let k = 0; k < rows; k++) {
      const at = rng.int(drawn.length);
      latent.set(backbone.restore(examples[at].latent.slice()), k * z);
      picture.set(signed(drawn[at].image), k * p);
    }
    return { latent, picture };
  };
  try {
    await step.hold(Object.fromEntries(built.frozen.map((name) => [name, sharedCopy(autoencoder[name])])));
    const phase = {
      name: DECODER_PHASE,
      steps: preset.decoderSteps,
      before: preset.steps,
      seed,
      rate: () => settings.decoderRate,
      batches: (rng: Rng) => Array.from({ length: plan.parts }, () => batch(rng)),
      kept,
    };
    return { trained: own, curve: await runPhase(step, own, phase, context, resumed) };
  } finally {
    await step.release();
  }
}
