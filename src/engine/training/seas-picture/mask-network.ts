// Trains the mask network on the frozen fine-tuned model (methods.md 1.6).

import { namedRng } from '../../../core/base/rng.ts';
import type { StepPlan } from '../../../core/memory/plan.ts';
import { isTrained } from '../../../core/nets/batch-norm-layer.ts';
import { initialWeights } from '../../../core/nets/init.ts';
import { cellTarget } from '../../../core/recipes/seas/square.ts';
import type { RunContext } from '../../runs/run-context.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { releasing } from '../../runtime/releasing.ts';
import { createStep } from '../create-step.ts';
import { type BatchMaterial, masksOf, rowsOf } from './batch.ts';
import { FeatureTap } from './feature-tap.ts';
import { picksOf } from './picks.ts';
import type { PicturePreset } from './preset.ts';
import { featureShapes, maskProgram } from './programs.ts';
import { type Arrays, type CurvePoint, type Resumed, runUpdates, type Told } from './updates.ts';

export const MASK_PHASE = 'mask network';
const STATISTICS = 'rmp statistics/';

export interface MaskTraining extends BatchMaterial {
  readonly weights: Readonly<Arrays>;
  readonly autoencoder: Readonly<Arrays>;
  readonly refinements: number;
  readonly steps: number;
  /** Of one update. */
  readonly rows: PicturePreset['maskRows'];
  readonly seed: number;
  readonly plan: StepPlan;
  readonly compile: CompileOptions;
  /** Updates of the fine-tune, and what it trained: both travel with the checkpoints. */
  readonly before: number;
  readonly tuned: Arrays;
  readonly told: Told;
}

export async function trainMasks(
  input: MaskTraining,
  context: RunContext,
  resumed: Resumed | null,
): Promise<{ weights: Arrays; curve: CurvePoint[] }> {
  const { model, settings, squares, seed, steps, rows, plan, compile, before, tuned, told } = input;
  const { backbone } = model;
  const shapes = featureShapes(model, input.refinements);
  const program = maskProgram(shapes, settings, rows.anomalies, rows.normals);
  const weights = initialWeights(program.s.table, (name) => namedRng(seed, `rmp/${name}`));
  const statistics = Object.keys(weights).filter((name) => !isTrained(name));
  for (const name of statistics) if (name.endsWith('running_var')) weights[name].fill(1);
  if (resumed?.phase === MASK_PHASE) {
    for (const name of statistics) weights[name].set(resumed.kept[`${STATISTICS}${name}`]);
  }
  const trained = Object.fromEntries([...program.parameters.keys()].map((name) => [name, weights[name]]));
  const used = Object.keys(program.state ?? {});
  const targets = (masks: readonly Float32Array[], h: number): Float32Array => {
    const out = new Float32Array((rows.anomalies + rows.normals) * h * h);
    masks.forEach((mask, k) => {
      out.set(cellTarget(mask, backbone.size, h, settings.maskCells), k * h * h);
    });
    return out;
  };
  const curve = await releasing(async (hold) => {
    const tap = hold(await FeatureTap.create(input, rows.anomalies + rows.normals, rows.anomalies));
    const step = hold(
      await createStep(program, trained, {
        weightDecay: settings.weightDecay,
        compile,
        plan: { parts: 1, lanes: 1, form: plan.form },
      }),
    );
    const pickOptions = { seed, defects: squares.defects.length, good: squares.good.length, settings };
    const phase = {
      name: MASK_PHASE,
      steps,
      before,
      rate: () => settings.maskRate,
      batches: async (i: number) => {
        const picks = picksOf(pickOptions, MASK_PHASE, i, rows);
        const rng = namedRng(seed, `mask update ${i}`);
        const items = rowsOf(input, picks, rng);
        const timesteps = items.map(() => rng.int(backbone.alphasCumprod.length));
        const features = await tap.noised(items, timesteps, rng);
        const masks = masksOf(input, picks.anomalies);
        const fine = targets(masks, program.fineSize);
        const coarse = targets(masks, program.coarseSize);
        const stored = Object.fromEntries(used.map((name) => [name, weights[name]]));
        return [{ ...features, ...stored, fine, coarse }];
      },
      onResult: ({ state }: { readonly state: Readonly<Record<string, Float32Array>> }) => {
        for (const [name, value] of Object.entries(state)) weights[name].set(value);
      },
      kept: () => ({
        ...tuned,
        ...Object.fromEntries(statistics.map((name) => [`${STATISTICS}${name}`, weights[name]])),
      }),
      told,
      isMain: false,
    };
    return (await runUpdates(step, trained, phase, context, resumed)).curve;
  });
  return { weights, curve };
}

/** What the fine-tune trained, out of what a checkpoint of this phase kept. */
export const tunedOf = (kept: Readonly<Arrays>): Arrays =>
  Object.fromEntries(Object.entries(kept).filter(([name]) => !name.startsWith(STATISTICS)));
