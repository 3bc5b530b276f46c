// Which plan lets a fine-tune fit in the memory it may use.

import { differentiated } from '../../../core/autodiff/step-program.ts';
import {
  choosePlan,
  type PlannedStep,
  type StepPlan,
  stepBytes,
  stepPlans,
} from '../../../core/memory/plan.ts';
import { programMemory } from '../../../core/memory/predict.ts';
import type { LoweringChoice } from '../../../core/onnx/emit.ts';
import { WINDOW } from '../../../core/recipes/pack/condition.ts';
import { TOKENS_PER_TYPE } from '../../../core/recipes/seas/prompts.ts';
import { sizeOf } from '../../../core/tensor/shape.ts';
import { openPack, type Pack } from '../../packs/pack.ts';
import { computeThreads } from '../../runtime/device-service.ts';
import { LOWERING_PROFILE } from '../../runtime/lowering-profile.ts';
import type { TrainRequest } from '../../services.ts';
import { divided, fineTuneProgram, partsOf, rowsFor } from './fine-tune-program.ts';
import { SEAS_PRESETS, type SeasPreset, withSteps } from './preset.ts';

export interface PlanInput {
  readonly packPath: string;
  readonly preset: SeasPreset;
  readonly adapterRank: number;
  /** Defect types of the product. */
  readonly types: number;
  readonly hasNormals: boolean;
  readonly threads: number;
  readonly choice: LoweringChoice;
  /** Bytes the whole process may take. */
  readonly budget: number;
}

/** Measured: a training process before its first step, pictures in memory included. */
const SURROUNDINGS = 300 * 2 ** 20;

/** Drawn examples: latents, conditions, masks and holes. */
const exampleBytes = ({ windows, normals }: SeasPreset) =>
  (windows + normals) * (2 * 4 * 1024 * 4 + 2 * WINDOW ** 2);

function networksFor(pack: Pack, types: number) {
  const addedTokens = pack.words.length + 1 + types * TOKENS_PER_TYPE - pack.text.vocabSize;
  return { unet: pack.unet, text: pack.text, addedTokens };
}

/** The plan of a run; a graphics card has memory of its own, and takes the usual one. */
export function planSeas(request: Omit<TrainRequest, 'plan'>, budget: number): PlannedStep {
  const preset = { ...withSteps(SEAS_PRESETS[request.preset], request.steps), form: request.attention };
  return planFineTune({
    packPath: request.pack.path,
    preset,
    adapterRank: request.adapterRank,
    types: request.types.length,
    hasNormals: request.normals.length > 0,
    threads: computeThreads(),
    choice: LOWERING_PROFILE,
    budget: request.device === 'cpu' ? budget : Infinity,
  });
}

/** @throws AppError usage where no plan fits */
export function planFineTune(input: PlanInput): PlannedStep {
  const { preset, adapterRank, types, hasNormals, threads, choice, budget } = input;
  const networks = networksFor(openPack(input.packPath), types);
  const all = rowsFor(preset, hasNormals);
  const bytesOf = ({ parts, lanes, form }: StepPlan): number => {
    const rows = divided(all, parts);
    const tokensPerPrompt = 1 + TOKENS_PER_TYPE;
    const { program, trained } = fineTuneProgram(networks, { rows, tokensPerPrompt, preset, adapterRank });
    const bytes = (shapes: Iterable<{ shape: readonly number[] }>) =>
      [...shapes].reduce((n, { shape }) => n + 4 * sizeOf(shape), 0);
    const memory = programMemory(differentiated(trained, form), choice);
    const step = stepBytes(memory, { parts, lanes }, bytes(trained.parameters.values()));
    // The weights as they were, kept to tell how far they moved.
    const copies = bytes(program.parameters.values());
    return SURROUNDINGS + exampleBytes(preset) + copies + step;
  };
  return choosePlan(stepPlans(partsOf(all), threads), bytesOf, budget);
}
