// Which plan lets AnomalySD's training fit in the memory it may use.

import { differentiated } from '../../../core/autodiff/step-program.ts';
import { choosePlan, type PlannedStep, type StepPlan, stepPlans } from '../../../core/memory/plan.ts';
import { ANOMALYSD_DEFAULTS, anomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import { openBackbone } from '../../backbones/open-backbone.ts';
import { computeThreads } from '../../runtime/device-service.ts';
import { loweringProfile } from '../../runtime/lowering-profile.ts';
import type { TrainOutline, TrainRequest } from '../../services.ts';
import {
  checkpointsBytes,
  latentPhaseBytes,
  PARTS_OF,
  parameterBytes,
  SURROUNDINGS,
} from '../latent/phase-memory.ts';
import { anomalySdPreset } from './preset.ts';
import { decoderStep, denoiserStep } from './programs.ts';
import { classPrompts } from './prompts.ts';
import { DECODER_PHASE, decoderParts } from './tune-decoder.ts';
import { DENOISER_PHASE } from './tune-denoiser.ts';

/** @throws AppError usage where no plan fits */
export function planAnomalySd(request: Omit<TrainRequest, 'plan'>, budget: number): PlannedStep {
  const backbone = openBackbone(request.pack);
  const settings = anomalySdSettings(ANOMALYSD_DEFAULTS[backbone.kind], request.settings);
  const preset = anomalySdPreset(backbone.kind, request.preset, request.steps);
  const { added, addedTokens } = classPrompts(backbone, request.product, settings);
  const choice = loweringProfile(request.lowerings);
  const windowBytes = 4 * (3 * backbone.size ** 2 + 2 * backbone.latentChannels * backbone.latentSize ** 2);
  const bytesOf = (plan: StepPlan): number => {
    const { adapterRank } = request;
    const { lossMean, perceptualWeight } = settings;
    const rows = preset.rows / plan.parts;
    const denoiser = denoiserStep({ backbone, rows, added, addedTokens, adapterRank, lossMean });
    const { rows: decoderRows, ...decoderPlan } = decoderParts(preset, plan);
    const decoder = decoderStep(backbone, decoderRows, perceptualWeight);
    const phases = [
      latentPhaseBytes(differentiated(denoiser.step, plan.form), denoiser.step, plan, choice),
      latentPhaseBytes(differentiated(decoder.step, plan.form), decoder.step, decoderPlan, choice),
    ];
    return SURROUNDINGS + preset.windows * windowBytes + Math.max(...phases);
  };
  const plans = stepPlans(PARTS_OF(preset.rows), computeThreads());
  return choosePlan(plans, bytesOf, request.device === 'cpu' ? budget : Infinity);
}

export function outlineAnomalySd(request: Omit<TrainRequest, 'plan'>): TrainOutline {
  const backbone = openBackbone(request.pack);
  const settings = anomalySdSettings(ANOMALYSD_DEFAULTS[backbone.kind], request.settings);
  const preset = anomalySdPreset(backbone.kind, request.preset, request.steps);
  const { added, addedTokens } = classPrompts(backbone, request.product, settings);
  const { adapterRank } = request;
  const { lossMean, perceptualWeight } = settings;
  const denoiser = denoiserStep({ backbone, rows: 1, added, addedTokens, adapterRank, lossMean });
  const decoder = decoderStep(backbone, 1, perceptualWeight);
  const [first, second] = [denoiser.step, decoder.step].map((step) => parameterBytes(step.parameters));
  return {
    steps: preset.steps,
    units: {
      prepare: preset.windows,
      [DENOISER_PHASE]: preset.steps,
      [DECODER_PHASE]: preset.decoderSteps,
    },
    // The decoder's checkpoints hold the finished denoiser too.
    diskBytes: Math.max(checkpointsBytes(first), checkpointsBytes(second) + 3 * first) + first + second,
  };
}
