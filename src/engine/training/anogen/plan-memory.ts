// Which plan lets AnoGen's training fit in the memory it may use.

import { differentiated } from '../../../core/autodiff/step-program.ts';
import { choosePlan, type PlannedStep, type StepPlan, stepPlans } from '../../../core/memory/plan.ts';
import { ANOGEN_DEFAULTS, anoGenSettings } from '../../../core/recipes/anogen/settings.ts';
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
import { EMBEDDING_PHASE, embeddingStep } from './embedding-step.ts';
import { anoGenPreset } from './preset.ts';
import { defectPrompts } from './prompts.ts';

/** @throws AppError usage where no plan fits */
export function planAnoGen(request: Omit<TrainRequest, 'plan'>, budget: number): PlannedStep {
  const backbone = openBackbone(request.pack);
  const settings = anoGenSettings(ANOGEN_DEFAULTS[backbone.kind], request.settings);
  const preset = anoGenPreset(backbone.kind, request.preset, request.steps);
  const { added, addedTokens } = defectPrompts(backbone, request.types.length, settings);
  const choice = loweringProfile(request.lowerings);
  const windowBytes = 4 * (3 * backbone.size ** 2 + 2 * backbone.latentChannels * backbone.latentSize ** 2);
  const bytesOf = (plan: StepPlan): number => {
    const rows = preset.rows / plan.parts;
    const { step } = embeddingStep({ backbone, rows, added, addedTokens, settings });
    const bytes = latentPhaseBytes(differentiated(step, plan.form), step, plan, choice);
    return SURROUNDINGS + preset.windows * windowBytes + bytes;
  };
  const plans = stepPlans(PARTS_OF(preset.rows), computeThreads());
  return choosePlan(plans, bytesOf, request.device === 'cpu' ? budget : Infinity);
}

export function outlineAnoGen(request: Omit<TrainRequest, 'plan'>): TrainOutline {
  const backbone = openBackbone(request.pack);
  const settings = anoGenSettings(ANOGEN_DEFAULTS[backbone.kind], request.settings);
  const preset = anoGenPreset(backbone.kind, request.preset, request.steps);
  const { added, addedTokens } = defectPrompts(backbone, request.types.length, settings);
  const { step } = embeddingStep({ backbone, rows: 1, added, addedTokens, settings });
  const trained = parameterBytes(step.parameters);
  return {
    steps: preset.steps,
    units: { prepare: preset.windows, [EMBEDDING_PHASE]: preset.steps },
    diskBytes: checkpointsBytes(trained) + trained,
  };
}
