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
import type { TrainOutline, TrainRequest } from '../../services.ts';
import { encoderProgram } from '../window-encoder.ts';
import { tapPrograms } from './feature-tap.ts';
import { divided, fineTuneProgram, partsOf, rowsFor } from './fine-tune-program.ts';
import { ITEMS as AGREEMENT_ITEMS } from './mask-agreement.ts';
import { ITEMS, maskProgram } from './mask-network.ts';
import { SEAS_PRESETS, type SeasPreset, withSteps } from './preset.ts';
import { PREVIEWS, previewDecoder, previewProgram } from './preview-program.ts';

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
  /** Bytes by plan that were predicted before for the same networks and rows: predicting takes a second. */
  readonly known?: Map<string, number>;
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

/** Predictions of this process, by what they depend on. */
const predictions = new Map<string, Map<string, number>>();

function knownFor(request: Omit<TrainRequest, 'plan'>): Map<string, number> {
  const { pack, adapterRank, types, normals, attention, lowerings } = request;
  const about = [pack.path, pack.hash, adapterRank, types.length, normals.length > 0, attention, lowerings];
  const key = JSON.stringify(about);
  const known = predictions.get(key) ?? new Map<string, number>();
  predictions.set(key, known);
  return known;
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
    known: knownFor(request),
  });
}

/** @throws AppError usage where no plan fits */
export function planFineTune(input: PlanInput): PlannedStep {
  const { preset, adapterRank, types, hasNormals, threads, choice, budget, known = new Map() } = input;
  const networks = networksFor(openPack(input.packPath), types);
  const all = rowsFor(preset, hasNormals);
  const stepOf = ({ parts, lanes, form }: StepPlan): number => {
    const shape = { rows: divided(all, parts), tokensPerPrompt: 1 + TOKENS_PER_TYPE, preset, adapterRank };
    const { program, trained } = fineTuneProgram(networks, shape);
    const memory = programMemory(differentiated(trained, form), choice);
    const step = stepBytes(memory, { parts, lanes }, parameterBytes(trained.parameters));
    // The weights as they were, kept to tell how far they moved.
    const merged = adapterRank > 0 ? parameterBytes(program.parameters) : 0;
    return parameterBytes(program.parameters) + step + previewBytes(networks, choice) + merged;
  };
  const largestPhase = (plan: StepPlan): number =>
    Math.max(
      stepOf(plan),
      maskStepBytes(networks, plan.lanes, choice),
      agreementBytes(networks, plan.lanes, choice),
    );
  const bytesOf = (plan: StepPlan): number => {
    const key = JSON.stringify(plan);
    const phase = known.get(key) ?? largestPhase(plan);
    known.set(key, phase);
    return SURROUNDINGS + exampleBytes(preset) + phase;
  };
  return choosePlan(stepPlans(partsOf(all), threads), bytesOf, budget);
}

/** What a run does in its phases, in their order, and what it puts on the disk at most at one time. */
export function outlineSeas(request: Omit<TrainRequest, 'plan'>): TrainOutline {
  const preset = withSteps(SEAS_PRESETS[request.preset], request.steps);
  const hasNormals = request.normals.length > 0;
  const networks = networksFor(openPack(request.pack.path), request.types.length);
  const shape = { rows: rowsFor(preset, hasNormals), tokensPerPrompt: 1 + TOKENS_PER_TYPE };
  const built = fineTuneProgram(networks, {
    ...shape,
    preset: { ...preset, form: request.attention },
    adapterRank: request.adapterRank,
  });
  const trained = parameterBytes(built.trained.parameters);
  const result = request.adapterRank > 0 ? trained : parameterBytes(built.program.parameters);
  return {
    steps: preset.steps,
    units: {
      prepare: preset.windows + (hasNormals ? preset.normals : 0),
      'fine-tune': preset.steps,
      'mask network': preset.maskSteps,
    },
    // Weights and two moments each; three for a moment while the next is written.
    diskBytes: 3 * 3 * trained + result,
  };
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

/** The networks that show the progress, held beside the step; they read its weights. */
function previewBytes(networks: DenoiseNetworks, choice: LoweringChoice): number {
  const programs = [previewProgram(networks)(PREVIEWS), previewDecoder(PREVIEWS)];
  return programs
    .map((program) => programMemory(program, choice))
    .reduce((n, { arenaBytes, resultBytes, sessionBytes }) => n + arenaBytes + resultBytes + sessionBytes, 0);
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
