// Which plan lets SeaS on whole pictures fit in the memory it may use.

import { differentiated, PLAIN_STEP, type StepForm } from '../../../core/autodiff/step-program.ts';
import { AppError } from '../../../core/base/errors.ts';
import type { Program } from '../../../core/graph/graph.ts';
import { choosePlan, type PlannedStep, type StepPlan, stepBytes } from '../../../core/memory/plan.ts';
import { type ProgramMemory, programMemory } from '../../../core/memory/predict.ts';
import type { LoweringChoice } from '../../../core/onnx/emit.ts';
import { VARIANTS } from '../../../core/recipes/seas/square-variants.ts';
import { latentLength } from '../../backbones/backbone.ts';
import { computeThreads } from '../../runtime/device-service.ts';
import { loweringProfile } from '../../runtime/lowering-profile.ts';
import { laneCount } from '../../runtime/rows.ts';
import type { TrainOutline, TrainRequest } from '../../services.ts';
import { checkpointsBytes, parameterBytes, SURROUNDINGS } from '../latent/phase-memory.ts';
import { TUNE_PHASE } from './fine-tune.ts';
import { MASK_PHASE } from './mask-network.ts';
import { partsOf } from './preset.ts';
import { ATTENTION_BYTES, featureShapes, frozenPrograms, maskProgram, tunedProgram } from './programs.ts';
import { modelFor } from './train-seas-picture.ts';

/** Parameters do not depend on the rows. */
const ONE = { anomalies: 1, normals: 0 };
type Unplanned = Omit<TrainRequest, 'plan'>;

/** From the fastest to the thriftiest. */
const FORMS: readonly StepForm[] = [
  PLAIN_STEP,
  { ...PLAIN_STEP, recompute: true },
  { recompute: true, attentionBytes: ATTENTION_BYTES },
];

/** Computing again costs a third, a lane less on two cores more than that (decision 0013). */
function plansFor(parts: readonly number[], threads: number): StepPlan[] {
  const plans: StepPlan[] = [];
  for (let lanes = Math.min(threads, Math.max(...parts)); lanes > 0; lanes--)
    for (const form of FORMS)
      for (const n of parts) if (n % lanes === 0) plans.push({ parts: n, lanes, form });
  return plans;
}

/** Bytes by plan that were predicted before for the same job: a prediction of a whole U-Net takes seconds. */
const predictions = new Map<string, Map<string, number>>();

function knownFor(request: Unplanned): Map<string, number> {
  const { preset, settings } = modelFor(request);
  const { anomalies, normals, maskRows, refinements, form } = preset;
  const about = [request.pack.path, request.pack.hash, request.adapterRank, request.types.length];
  const key = JSON.stringify([
    ...about,
    anomalies,
    normals,
    maskRows,
    refinements,
    form,
    settings,
    request.lowerings,
  ]);
  const known = predictions.get(key) ?? new Map<string, number>();
  predictions.set(key, known);
  return known;
}

/** @throws AppError usage where no plan fits */
export function planSeasPicture(request: Unplanned, budget: number): PlannedStep {
  const { model, preset, settings } = modelFor(request);
  const { pack, backbone } = model;
  const { adapterRank, lowerings } = request;
  const choice = loweringProfile(lowerings);
  const known = knownFor(request);
  const remember = (key: string, predict: () => number): number => {
    const bytes = known.get(key) ?? predict();
    known.set(key, bytes);
    return bytes;
  };
  const steps = new Map<string, { memory: ProgramMemory; trained: number }>();
  const stepOf = (parts: number, form: StepForm) => {
    const key = JSON.stringify([parts, form]);
    const rows = { anomalies: preset.anomalies / parts, normals: preset.normals / parts };
    const make = () => {
      const { trained } = tunedProgram(model, rows, settings, preset.form, adapterRank);
      return {
        memory: programMemory(differentiated(trained, form), choice),
        trained: parameterBytes(trained.parameters),
      };
    };
    const found = steps.get(key) ?? make();
    steps.set(key, found);
    return found;
  };
  const { trained: one } = tunedProgram(model, ONE, settings, preset.form, adapterRank);
  const trainedBytes = parameterBytes(one.parameters);
  const tuneBytes = ({ parts, lanes, form }: StepPlan): number => {
    const { memory, trained } = stepOf(parts, form);
    // A checkpoint is written out of memory: weights and two moments once more.
    return stepBytes(memory, { parts, lanes }, trained) + 3 * trained;
  };
  const maskBytes = ({ lanes, form }: StepPlan): number => {
    const programs = frozenPrograms(model, preset.refinements);
    const { anomalies, normals } = preset.maskRows;
    const step = maskProgram(featureShapes(model, preset.refinements), settings, anomalies, normals);
    const trained = parameterBytes(step.parameters);
    const memory = programMemory(differentiated(step, form), choice);
    return (
      parameterBytes(pack.autoencoder.table) +
      rowsBytes(programs.unet, anomalies + normals, lanes, choice) +
      rowsBytes(programs.features, anomalies, lanes, choice) +
      stepBytes(memory, { parts: 1, lanes: 1 }, trained) +
      3 * trained +
      2 * trainedBytes
    );
  };
  const pictures = request.shots.length + Math.min(settings.goodPictures, request.normals.length);
  const examples =
    4 * (pictures * 2 * VARIANTS * latentLength(backbone) + request.shots.length * backbone.size ** 2);
  const around = SURROUNDINGS + examples;
  const bytesOf = (plan: StepPlan): number => {
    const tune = remember(`tune ${JSON.stringify(plan)}`, () => tuneBytes(plan));
    const mask = remember(`mask ${plan.lanes} ${JSON.stringify(plan.form)}`, () => maskBytes(plan));
    return around + Math.max(tune, mask);
  };
  try {
    const plans = plansFor(partsOf(preset), computeThreads());
    return choosePlan(plans, bytesOf, request.device === 'cpu' ? budget : Infinity);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'usage') throw error;
    const ways = [
      'allow more with --memory',
      ...(adapterRank === 0 ? ['train low-rank adapters (--adapters 8)'] : []),
      ...(preset.refinements > 1 ? ['make smaller masks (--set maskRefinements=1)'] : []),
      ...(preset.maskRows.anomalies > 1
        ? ['take fewer pictures at once (--set "maskAnomalies=1;maskNormals=1")']
        : []),
    ];
    throw new AppError('usage', error.message, {
      hint: `You can ${ways.join(', ')}, or close other programs.`,
    });
  }
}

/** Rows of a frozen network divided over lanes. */
function rowsBytes(
  program: (rows: number) => Program,
  rows: number,
  most: number,
  choice: LoweringChoice,
): number {
  const lanes = laneCount(rows, most);
  return stepBytes(programMemory(program(rows / lanes), choice), { parts: lanes, lanes }, 0);
}

export function outlineSeasPicture(request: Unplanned): TrainOutline {
  const { model, preset, settings } = modelFor(request);
  const tuned = tunedProgram(model, ONE, settings, preset.form, request.adapterRank);
  const trained = parameterBytes(tuned.trained.parameters);
  const { anomalies, normals } = preset.maskRows;
  const mask = maskProgram(featureShapes(model, preset.refinements), settings, anomalies, normals);
  const masks = parameterBytes(mask.parameters);
  const pictures = request.shots.length + Math.min(settings.goodPictures, request.normals.length);
  const seen = preset.steps * (preset.anomalies + preset.normals) + preset.maskSteps * (anomalies + normals);
  return {
    steps: preset.steps,
    units: {
      prepare: Math.min(seen, pictures * (settings.augment ? VARIANTS : 1)),
      [TUNE_PHASE]: preset.steps,
      [MASK_PHASE]: preset.maskSteps,
    },
    // The mask network's checkpoints hold the finished denoiser too.
    diskBytes: Math.max(checkpointsBytes(trained), checkpointsBytes(masks) + 3 * trained) + trained + masks,
  };
}
