// Parity of whole sampling runs with the fixture's UNet: guidance, SeaS's start from a picture, AnoGen's kept part.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { guide } from '../../../src/core/diffusion/guidance.ts';
import { addNoise, blendKnown } from '../../../src/core/diffusion/noising.ts';
import { levelAt } from '../../../src/core/diffusion/parametrisation.ts';
import { type SampleOptions, sample, startFromNoise } from '../../../src/core/diffusion/sample.ts';
import { schedulerFromConfig } from '../../../src/core/diffusion/scheduler.ts';
import type { Stepper } from '../../../src/core/diffusion/stepper.ts';
import { type CheckResult, checkAbsolute, checkEqual, checkRelMax, notRun, TOLERANCE } from '../check.ts';
import { type Golden, openGolden } from '../golden.ts';
import { loadNetworks, type ParityNetworks } from '../networks.ts';
import { modelScheduler, readSamplers } from '../sampler-index.ts';

export const AREA = 'samplers';
const GUIDED = /^unet_cfg([\d.]+)\.safetensors$/;
const SEAS = 'seas_start.safetensors';
const ANOGEN = 'anogen_blend.safetensors';

/** Files of samplers/ that this area answers for. */
export function samplerNetworkFiles(dir: string): string[] {
  return readdirSync(join(dir, 'samplers')).filter(
    (file) => GUIDED.test(file) || file === SEAS || file === ANOGEN,
  );
}

/** One guided run; returns the states, the first included, flat one after the other. */
async function guidedRun(
  networks: ParityNetworks,
  golden: Golden,
  stepper: Stepper,
  start: Float32Array,
  scale: number,
  options: SampleOptions<Float32Array>,
): Promise<Float32Array[]> {
  const [, ...shape] = golden.shape(
    golden.names.find((name) => name === 'x' || name.endsWith('.x')) as string,
  );
  const conditional = golden.float32('ctx_cond');
  const unconditional = golden.float32('ctx_uncond');
  const states = [start];
  await sample(
    async (x, t) => {
      const without = await networks.unet(x, shape, t, unconditional);
      return guide(without, await networks.unet(x, shape, t, conditional), scale);
    },
    start,
    stepper,
    { ...options, onStep: (_, x) => states.push(x) },
  );
  return states;
}

/** Every state by the README's tolerance for the last, each against its own largest value; the time grid apart. */
function* compare(name: string, golden: Golden, prefix: string, stepper: Stepper, states: Float32Array[]) {
  const timesteps = golden.numbers(`${prefix}timesteps`);
  yield checkAbsolute(AREA, `${name}.timesteps`, stepper.timesteps, timesteps, 1e-3);
  const gold = golden.float32(`${prefix}x`);
  const size = states[0].length;
  yield checkEqual(AREA, `${name}.states`, [states.length], [gold.length / size]);
  const checks = states.map((state, i) =>
    checkRelMax(AREA, `${name}.x`, state, gold.subarray(i * size, (i + 1) * size), TOLERANCE.samplerNetwork),
  );
  // A NaN counts as the worst of all.
  yield checks.reduce((worst, check) => ((check.rel ?? NaN) <= (worst.rel ?? NaN) ? worst : check));
}

async function* guided(dir: string, file: string, networks: ParityNetworks): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, `samplers/${file}`);
  const scale = Number(GUIDED.exec(file)?.[1]);
  const specs = new Map(readSamplers(dir));
  const noise = golden.float32('noise');
  for (const key of golden.names.filter((name) => name.endsWith('.x'))) {
    const name = key.slice(0, -'.x'.length);
    const spec = specs.get(name);
    if (!spec) {
      yield notRun(AREA, `${file}/${name}`, 'not described in index.json');
      continue;
    }
    const stepper = schedulerFromConfig(spec.config, spec.class).stepper(spec.steps, { eta: spec.eta });
    const start = startFromNoise(golden.float32('x_T'), stepper);
    let used = 0;
    const next = () => noise.subarray(used * start.length, ++used * start.length);
    const states = await guidedRun(networks, golden, stepper, start, scale, { noise: next });
    yield* compare(`${file}/${name}`, golden, `${name}.`, stepper, states);
  }
  golden.close();
}

async function* seasStart(dir: string, networks: ParityNetworks): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, `samplers/${SEAS}`);
  const { mean, logvar } = await networks.encode(golden.float32('in.image'), golden.shape('in.image'));
  const noise = golden.float32('in.posterior_noise');
  const u = mean.map((value, i) => value + Math.exp(0.5 * logvar[i]) * noise[i]);
  yield checkRelMax(AREA, `${SEAS}/u_unscaled`, u, golden.float32('u_unscaled'), TOLERANCE.network);
  const steps = golden.floats('timesteps').length;
  const config = { timestep_spacing: 'linspace', steps_offset: 0, final_sigmas_type: 'sigma_min' };
  const stepper = modelScheduler(dir, 'DPMSolverMultistepScheduler', config).stepper(steps);
  const scale = Number(golden.meta.guidance_scale);
  const states = await guidedRun(networks, golden, stepper, golden.float32('x_T'), scale, {});
  yield* compare(SEAS, golden, '', stepper, states);
  const last = (states.at(-1) as Float32Array).map((value) => value / networks.scalingFactor);
  const [, ...shape] = golden.shape('x');
  const decoded = await networks.decode(last, shape);
  yield checkRelMax(AREA, `${SEAS}/decoded`, decoded, golden.float32('decoded'), TOLERANCE.samplerNetwork);
  golden.close();
}

async function* anogenBlend(dir: string, networks: ParityNetworks): AsyncGenerator<CheckResult> {
  const golden = openGolden(dir, `samplers/${ANOGEN}`);
  const scheduler = modelScheduler(dir, 'DDIMScheduler', { clip_sample: false });
  const stepper = scheduler.stepper(golden.int32('timesteps').length);
  const x0 = golden.float32('x0');
  const noise = golden.float32('noise');
  const keep = golden.float32('keep_mask');
  const [, ...shape] = golden.shape('x');
  const beforeStep = (x: Float32Array, i: number): Float32Array => {
    const level = levelAt(scheduler.schedule.alphasCumprod[stepper.timesteps[i]]);
    const known = addNoise(x0, noise.subarray(i * x0.length, (i + 1) * x0.length), level);
    return blendKnown(x, known, keep, shape);
  };
  const scale = Number(golden.meta.guidance_scale);
  const states = await guidedRun(networks, golden, stepper, golden.float32('x_T'), scale, { beforeStep });
  yield* compare(ANOGEN, golden, '', stepper, states);
  golden.close();
}

/** What the files ask for when there are no networks: each trajectory and picture, as not run. */
function* missing(dir: string): Generator<CheckResult> {
  for (const file of samplerNetworkFiles(dir)) {
    const golden = openGolden(dir, `samplers/${file}`);
    for (const name of golden.names) {
      const isResult = name === 'x' || name.endsWith('.x') || name === 'decoded' || name === 'u_unscaled';
      if (isResult) yield notRun(AREA, `${file}/${name}`, 'needs the UNet and the autoencoder');
    }
    golden.close();
  }
}

/** @param load builds the networks; another one in tests */
export async function* run(dir: string, load = loadNetworks): AsyncGenerator<CheckResult> {
  const networks = await load(dir);
  if (networks === null) {
    yield* missing(dir);
    return;
  }
  for (const file of samplerNetworkFiles(dir)) if (GUIDED.test(file)) yield* guided(dir, file, networks);
  yield* seasStart(dir, networks);
  yield* anogenBlend(dir, networks);
  await networks.close();
}
