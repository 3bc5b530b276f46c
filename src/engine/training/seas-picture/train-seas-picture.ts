// training.train for SeaS on a Stable Diffusion pack: latents, fine-tune, mask network (methods.md 1.1).

import { invariant } from '../../../core/base/errors.ts';
import type { JsonObject } from '../../../core/domain/json.ts';
import { planText } from '../../../core/memory/plan.ts';
import { TABLE } from '../../../core/recipes/trainable-denoiser.ts';
import type { RunContext } from '../../runs/run-context.ts';
import { openCompute } from '../../runtime/compute.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { releasing } from '../../runtime/releasing.ts';
import type { TrainOutcome, TrainRequest } from '../../services.ts';
import { weightsFile } from '../seas/networks.ts';
import { greyBeside } from './beside.ts';
import { PosteriorEncoder } from './encode.ts';
import { Latents, loadSquares } from './examples.ts';
import { applyTuned, fineTunePictures, TUNE_PHASE, type Tuned } from './fine-tune.ts';
import { heldOutLoss, heldOutRows } from './held-out.ts';
import { MASK_PHASE, trainMasks, tunedOf } from './mask-network.ts';
import { type Picks, picksOf } from './picks.ts';
import { autoencoderWeights, baseWeights, openPictureModel } from './picture-model.ts';
import { picturePreset } from './preset.ts';
import { decoderDoublings } from './programs.ts';
import { type Arrays, type CurvePoint, lastPhase, type Resumed } from './updates.ts';

/** What the fine-tune leaves for the phases after it. */
interface Told {
  readonly heldBefore: number | null;
  readonly heldAfter: number | null;
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
}

export async function trainSeasPicture(request: TrainRequest, context: RunContext): Promise<TrainOutcome> {
  const compute = openCompute(request.device, request.lowerings);
  try {
    return await trainOn({ ...compute.options, lanes: request.plan.lanes }, request, context);
  } finally {
    await compute.close();
  }
}

/** The model a request is about, with its preset. */
export function modelFor(request: Omit<TrainRequest, 'plan'>) {
  const tokens = Number(request.settings?.tokens ?? 4);
  const model = openPictureModel(request.pack, request.types.length, tokens);
  return { model, ...picturePreset(request, decoderDoublings(model)) };
}

async function trainOn(
  compile: CompileOptions,
  request: TrainRequest,
  context: RunContext,
): Promise<TrainOutcome> {
  const { plan, seed, adapterRank, types } = request;
  const { model, preset, settings } = modelFor(request);
  const { backbone, product } = model;
  const resumed = await lastPhase(context);

  context.phase('prepare');
  const squares = await loadSquares(request, backbone.size, settings, context);
  const options = { seed, defects: squares.defects.length, good: squares.good.length, settings };
  const picks = [
    ...(resumed?.phase === MASK_PHASE
      ? []
      : upTo(preset.steps, (i) => picksOf(options, TUNE_PHASE, i, preset))),
    ...upTo(preset.maskSteps, (i) => picksOf(options, MASK_PHASE, i, preset.maskRows)),
  ];
  const { latents, beside, held } = await prepare();
  const material = { model, squares, latents, settings, beside };
  const weights = baseWeights(model, { unet: true });
  const width = model.pack.text.config.hiddenSize;
  const ownTokens = [...new Set(product.wanted.flat())];
  const rowOf = (id: number) => weights[TABLE].subarray(id * width, (id + 1) * width);
  const rowsBefore = ownTokens.map((id) => rowOf(id).slice());
  const measure = () => heldOutLoss(material, held, weights, compile);

  const { tuned, told } = await tuneOrRestore();
  const heldAfter = told.heldAfter;
  const maskSteps = Math.max(1, Math.round((preset.maskSteps * told.steps) / preset.steps));
  const masks = await trainMasks(
    {
      ...material,
      weights,
      autoencoder: autoencoderWeights(model),
      refinements: preset.refinements,
      // Ended early: the mask network is trained in proportion.
      steps: maskSteps,
      rows: preset.maskRows,
      seed,
      plan,
      compile,
      before: told.steps,
      tuned: tuned.trained,
      told: { ...told },
    },
    context,
    resumed,
  );
  const summary: JsonObject = {
    steps: told.steps,
    plannedSteps: preset.steps,
    maskSteps,
    adapterRank,
    base: `Stable Diffusion 1.x ${model.pack.kind}, ${backbone.size} px`,
    picturesPerUpdate: preset.anomalies + preset.normals,
    attentionForm: preset.form,
    lossCurve: told.curve.map((p) => ({ ...p })),
    maskLossCurve: masks.curve.map((p) => ({ ...p })),
    heldOutLossBefore: told.heldBefore,
    heldOutLossAfter: heldAfter,
    heldOutLossFall: told.heldBefore !== null && heldAfter !== null ? 1 - heldAfter / told.heldBefore : null,
    heldOutPictures: held.length,
    largestTokenChange: largestTokenChange(),
    maskRefinements: preset.refinements,
    goodPictures: squares.good.length,
    productKind: squares.kind,
    memoryPlan: planText(plan),
  };
  const name = adapterRank > 0 ? 'adapters.safetensors' : 'weights.safetensors';
  return {
    files: [
      { name, bytes: weightsFile(tuned.trained) },
      { name: 'rmp.safetensors', bytes: weightsFile(masks.weights) },
    ],
    config: {
      backbone: 'picture',
      types,
      adapterRank,
      kind: squares.kind,
      white: squares.white,
      refinements: preset.refinements,
      settings: { ...settings },
    },
    summary,
  };

  /** The autoencoder's weights are let go of before the updates. */
  async function prepare() {
    const autoencoder = autoencoderWeights(model);
    const latents = await Latents.encode(model, autoencoder, squares, picks, settings, compile, context);
    return releasing(async (hold) => {
      const encoder = hold(await PosteriorEncoder.create(model, autoencoder, 1, compile));
      return {
        latents,
        beside: await greyBeside(backbone, encoder),
        held: await heldOutRows({ model, settings }, request.heldOut, types, seed, encoder),
      };
    });
  }

  async function tuneOrRestore(): Promise<{ tuned: Pick<Tuned, 'trained'>; told: Told }> {
    if (resumed?.phase === MASK_PHASE) return restored(weights, resumed, adapterRank);
    const heldBefore = resumed ? (resumed.told.heldBefore as number | null) : await measure();
    const input = { ...material, weights, preset, seed, adapterRank, plan, compile, told: { heldBefore } };
    const done = await fineTunePictures(input, context, resumed);
    const { steps, curve } = done;
    return { tuned: done, told: { heldBefore, heldAfter: await measure(), steps, curve } };
  }

  function largestTokenChange(): number {
    const changes = ownTokens.map((id, k) =>
      rowOf(id).reduce((most, v, i) => Math.max(most, Math.abs(v - rowsBefore[k][i])), 0),
    );
    return Math.max(...changes);
  }
}

function restored(weights: Arrays, { kept, told }: Resumed, adapterRank: number) {
  const trained = tunedOf(kept);
  invariant(trained[TABLE], 'a checkpoint of the mask network holds what was trained before');
  applyTuned(weights, trained, adapterRank);
  return { tuned: { trained }, told: told as unknown as Told };
}

const upTo = (count: number, make: (i: number) => Picks): Picks[] =>
  Array.from({ length: count }, (_, i) => make(i));
