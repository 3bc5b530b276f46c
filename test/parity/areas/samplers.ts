// Parity of schedules and samplers as far as they need no network: analytic trajectories, single steps, noised starts.

import { readdirSync } from 'node:fs';
import type { Floats } from '../../../src/core/diffusion/floats.ts';
import { addNoise, blendKnown, noisedStart } from '../../../src/core/diffusion/noising.ts';
import { levelAt } from '../../../src/core/diffusion/parametrisation.ts';
import { sample, startFromNoise } from '../../../src/core/diffusion/sample.ts';
import { ddpmStep } from '../../../src/core/diffusion/samplers/ddpm.ts';
import { schedulerFromConfig } from '../../../src/core/diffusion/scheduler.ts';
import {
  type CheckResult,
  checkAbsolute,
  checkEqual,
  checkRelMax,
  maxAbs,
  notRun,
  relMax,
  TOLERANCE,
} from '../check.ts';
import { type Golden, openGolden } from '../golden.ts';
import { modelScheduler, readSamplers, type SamplerSpec } from '../sampler-index.ts';
import { samplerNetworkFiles } from './samplers-unet.ts';

export const AREA = 'samplers';

type FloatsClass = Float32ArrayConstructor | Float64ArrayConstructor;
type Epsilon = (value: number, t: number) => number;

/** The analytic denoiser as the file spells it: `0.7*x*cos(t/1000)+0.1`. */
function readEpsilon(text: string): Epsilon {
  const found = /^([\d.eE+-]+)\*x\*cos\(t\/([\d.]+)\)\+([\d.eE+-]+)$/.exec(text.replaceAll(' ', ''));
  if (!found) throw new Error(`analytic eps not understood: ${text}`);
  const [gain, period, offset] = found.slice(1).map(Number);
  return (value, t) => gain * value * Math.cos(t / period) + offset;
}

/** Noise arrays in the order they are consumed, as the given float type. */
function noiseQueue(all: Float64Array, size: number, type: FloatsClass): () => Floats {
  let used = 0;
  return () => type.from(all.subarray(used * size, ++used * size));
}

/** Worst state of a trajectory, each state measured against its own largest value. */
async function trajectory(
  golden: Golden,
  name: string,
  spec: SamplerSpec,
  epsilon: Epsilon,
  type: FloatsClass,
) {
  const gold = golden.float64(`${name}.x`);
  const unit = type.from(golden.float64('x_T'));
  const size = unit.length;
  const stepper = schedulerFromConfig(spec.config, spec.class).stepper(spec.steps, { eta: spec.eta });
  const states: Floats[] = [startFromNoise<Floats>(unit, stepper)];
  await sample<Floats>(async (x, t) => x.map((value) => epsilon(value, t)), states[0], stepper, {
    noise: noiseQueue(golden.float64('noise'), size, type),
    onStep: (_, x) => states.push(x),
  });
  const missing = gold.length / size - states.length;
  if (missing !== 0)
    return { abs: Infinity, rel: Infinity, note: `${missing} states fewer than the reference` };
  const pairs = states.map((x, i) => [x, gold.subarray(i * size, (i + 1) * size)] as const);
  // NaN must win over every number: Math.max keeps it.
  return {
    abs: Math.max(...pairs.map(([x, g]) => maxAbs(x, g))),
    rel: Math.max(...pairs.map(([x, g]) => relMax(x, g))),
  };
}

async function* analytic(dir: string): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, 'samplers/analytic.safetensors');
  const epsilon = readEpsilon(String(golden.meta.eps));
  for (const [name, spec] of readSamplers(dir)) {
    const stepper = schedulerFromConfig(spec.config, spec.class).stepper(spec.steps, { eta: spec.eta });
    const timesteps = golden.float64(`${name}.timesteps`);
    yield checkAbsolute(AREA, `analytic/${name}.timesteps`, stepper.timesteps, timesteps, 1e-9);
    if (golden.has(`${name}.sigmas`)) {
      const sigmas = golden.float64(`${name}.sigmas`);
      yield checkRelMax(
        AREA,
        `analytic/${name}.sigmas`,
        stepper.sigmas ?? [],
        sigmas,
        TOLERANCE.samplerFloat64,
      );
    }
    const got = [stepper.timesteps.length, stepper.drawsPerStep.reduce((sum, draws) => sum + draws, 0)];
    yield checkEqual(AREA, `analytic/${name}.evaluations_draws`, got, [spec.evaluations, spec.draws]);
    const sigma = [spec.init_noise_sigma];
    yield checkRelMax(AREA, `analytic/${name}.init_noise_sigma`, [stepper.initNoiseSigma], sigma, 1e-10);
    for (const [type, limit] of [
      [Float64Array, TOLERANCE.samplerFloat64],
      [Float32Array, TOLERANCE.samplerFloat32],
    ] as const) {
      const worst = await trajectory(golden, name, spec, epsilon, type);
      const status = worst.rel <= limit ? 'ok' : 'fail';
      const label = type === Float64Array ? 'float64' : 'float32';
      yield {
        area: AREA,
        name: `analytic/${name}.${label}`,
        status,
        ...worst,
        tolerance: `relMax<=${limit.toExponential()}`,
      };
    }
  }
  for (const name of golden.unread()) yield notRun(AREA, `analytic/${name}`, 'not described in index.json');
  golden.close();
}

function* singleSteps(dir: string): Generator<CheckResult> {
  const golden = openGolden(dir, 'samplers/ddpm_single_step.safetensors');
  const epsilon = readEpsilon(String(openGolden(dir, 'samplers/analytic.safetensors').meta.eps));
  const { alphasCumprod } = modelScheduler(dir, 'DDPMScheduler').schedule;
  const x = golden.float64('x_t');
  const noise = golden.float64('noise');
  for (const name of golden.names.filter((key) => /^ddpm\.t\d+$/.test(key))) {
    const t = Number(name.slice('ddpm.t'.length));
    const got = ddpmStep(
      {
        predictionType: 'epsilon',
        abar: alphasCumprod[t],
        abarPrevious: t > 0 ? alphasCumprod[t - 1] : 1,
        varianceType: 'fixed_small',
        clip: null,
      },
      x,
      x.map((value) => epsilon(value, t)),
      t > 0 ? noise : undefined,
    );
    yield checkRelMax(AREA, `ddpm_single_step/${name}`, got, golden.float64(name), TOLERANCE.samplerFloat64);
  }
  for (const name of golden.unread()) yield notRun(AREA, `ddpm_single_step/${name}`, 'unknown tensor');
  golden.close();
}

/** betas, alphas_cumprod and alphas_cumprod_N (the same ends with N entries); time_proj belongs to the networks. */
function* schedules(dir: string): Generator<CheckResult> {
  const golden = openGolden(dir, 'forward/schedule.safetensors');
  const { schedule } = modelScheduler(dir);
  const entries = /^alphas_cumprod(?:_(\d+))?$/;
  yield checkRelMax(
    AREA,
    'schedule/betas',
    schedule.betas,
    golden.float64('betas'),
    TOLERANCE.samplerFloat64,
  );
  for (const name of golden.names.filter((key) => entries.test(key))) {
    const count = entries.exec(name)?.[1];
    const change = count === undefined ? {} : { num_train_timesteps: Number(count) };
    const { alphasCumprod } = modelScheduler(dir, undefined, change).schedule;
    yield checkRelMax(
      AREA,
      `schedule/${name}`,
      alphasCumprod,
      golden.float64(name),
      TOLERANCE.samplerFloat64,
    );
  }
  golden.close();
}

/** SeaS's start from a picture, and AnoGen's pasting of the known part, given the reference's states. */
function* starts(dir: string): Generator<CheckResult> {
  const seas = openGolden(dir, 'samplers/seas_start.safetensors');
  const entries = Number(
    Object.keys(seas.meta)
      .find((key) => /^abar_\d+$/.test(key))
      ?.slice('abar_'.length),
  );
  const start = noisedStart(seas.float32('u_unscaled'), seas.float32('in.noise'), entries);
  yield checkRelMax(AREA, 'seas_start/x_T', start, seas.float32('x_T'), TOLERANCE.samplerFloat32);
  seas.close();

  const anogen = openGolden(dir, 'samplers/anogen_blend.safetensors');
  const timesteps = anogen.int32('timesteps');
  const { alphasCumprod } = modelScheduler(dir, 'DDIMScheduler').schedule;
  const [, ...shape] = anogen.shape('x');
  const size = anogen.float32('x0').length;
  const part = (name: string, i: number) => anogen.float32(name).subarray(i * size, (i + 1) * size);
  const got = Array.from(timesteps, (t, i) => {
    const known = addNoise(anogen.float32('x0'), part('noise', i), levelAt(alphasCumprod[t]));
    return [...blendKnown(part('x', i), known, anogen.float32('keep_mask'), shape)];
  }).flat();
  yield checkRelMax(AREA, 'anogen_blend/blended', got, anogen.float32('blended'), TOLERANCE.samplerFloat32);
  anogen.close();
}

export async function* run(dir: string): AsyncGenerator<CheckResult> {
  yield* schedules(dir);
  yield* analytic(dir);
  yield* singleSteps(dir);
  yield* starts(dir);
  const handled = ['analytic.safetensors', 'ddpm_single_step.safetensors', ...samplerNetworkFiles(dir)];
  for (const file of readdirSync(`${dir}/samplers`)) {
    if (file.endsWith('.safetensors') && !handled.includes(file))
      yield notRun(AREA, file, 'no check knows this file');
  }
}
