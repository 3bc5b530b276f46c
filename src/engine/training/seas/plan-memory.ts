// Which plan lets a fine-tune fit in the memory it may use.

import { differentiated } from '../../../core/autodiff/step-program.ts';
import type { Program } from '../../../core/graph/graph.ts';
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
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { TOKENS_PER_TYPE } from '../../../core/recipes/seas/prompts.ts';
import { sizeOf } from '../../../core/tensor/shape.ts';
import { openPack, type Pack } from '../../packs/pack.ts';
import { computeThreads } from '../../runtime/device-service.ts';
import { loweringProfile } from '../../runtime/lowering-profile.ts';
import { laneCount } from '../../runtime/rows.ts';
import type { TrainRequest } from '../../services.ts';
import { encoderProgram } from '../window-encoder.ts';
import { tapPrograms } from './feature-tap.ts';
import { divided, fineTuneProgram, partsOf, rowsFor } from './fine-tune-program.ts';
import { ITEMS as AGREEMENT_ITEMS } from './mask-agreement.ts';
import { ITEMS, maskProgram } from './mask-network.ts';
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
const SURROUNDINGS = 400 * 2 ** 20;

/** Drawn examples: latents, conditions, masks and holes. */
const exampleBytes = ({ windows, normals }: SeasPreset) =>
  (windows + normals) * (2 * 4 * 1024 * 4 + 2 * WINDOW ** 2);

export function networksFor(pack: Pack, types: number) {
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
    choice: loweringProfile(request.lowerings),
    budget: request.device === 'cpu' ? budget : Infinity,
  });
}

/** @throws AppError usage where no plan fits */
export function planFineTune(input: PlanInput): PlannedStep {
  const { preset, adapterRank, types, hasNormals, threads, choice, budget } = input;
  const networks = networksFor(openPack(input.packPath), types);
  const all = rowsFor(preset, hasNormals);
  const stepOf = ({ parts, lanes, form }: StepPlan): number => {
    const shape = { rows: divided(all, parts), tokensPerPrompt: 1 + TOKENS_PER_TYPE, preset, adapterRank };
    const { program, trained } = fineTuneProgram(networks, shape);
    const memory = programMemory(differentiated(trained, form), choice);
    const step = stepBytes(memory, { parts, lanes }, parameterBytes(trained.parameters));
    // The weights as they were, kept to tell how far they moved.
    return parameterBytes(program.parameters) + step;
  };
  const bytesOf = (plan: StepPlan): number => {
    const phases = [
      stepOf(plan),
      maskStepBytes(networks, plan.lanes, choice),
      agreementBytes(networks, plan.lanes, choice),
    ];
    return SURROUNDINGS + exampleBytes(preset) + Math.max(...phases);
  };
  return choosePlan(stepPlans(partsOf(all), threads), bytesOf, budget);
}

const parameterBytes = (parameters: ReadonlyMap<string, { readonly shape: readonly number[] }>) =>
  [...parameters.values()].reduce((n, { shape }) => n + 4 * sizeOf(shape), 0);

/** Rows of an inference program divided over lanes. */
function rowsBytes(
  program: (rows: number) => Program,
  rows: number,
  most: number,
  choice: LoweringChoice,
): number {
  const lanes = laneCount(rows, most);
  return stepBytes(programMemory(program(rows / lanes), choice), { parts: lanes, lanes }, 0);
}

/** Training the mask network: its own step, and the frozen networks whose features it reads. */
function maskStepBytes(networks: DenoiseNetworks, lanes: number, choice: LoweringChoice): number {
  const { unet, decoder } = tapPrograms(networks);
  const items = ITEMS.anomalies + ITEMS.normals;
  const step = maskProgram(items, networks.unet);
  const memory = programMemory(differentiated(step), choice);
  return (
    rowsBytes(unet, items, lanes, choice) +
    rowsBytes(decoder, ITEMS.anomalies, lanes, choice) +
    stepBytes(memory, { parts: 1, lanes: 1 }, parameterBytes(step.parameters))
  );
}

/** Measuring it on held-out windows, eight at a time. */
function agreementBytes(networks: DenoiseNetworks, lanes: number, choice: LoweringChoice): number {
  const { unet, decoder } = tapPrograms(networks);
  const of = (program: (rows: number) => Program) => rowsBytes(program, AGREEMENT_ITEMS, lanes, choice);
  return of(unet) + of(decoder) + of(encoderProgram);
}
