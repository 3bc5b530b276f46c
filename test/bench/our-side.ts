// Our side of the bench: a case compiled for this PC, ready to be run once and timed.

import { updateEma } from '../../src/core/autodiff/rates.ts';
import { differentiated } from '../../src/core/autodiff/step-program.ts';
import { namedRng } from '../../src/core/base/rng.ts';
import { sample as sampleLatents } from '../../src/core/diffusion/sample.ts';
import { schedulerFromConfig } from '../../src/core/diffusion/scheduler.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Program } from '../../src/core/graph/graph.ts';
import {
  type AutoencoderConfig,
  decodeLatent,
  parseAutoencoderConfig,
} from '../../src/core/nets/autoencoder-kl.ts';
import { initialWeights } from '../../src/core/nets/init.ts';
import { attention, groupNorm } from '../../src/core/nets/layers.ts';
import { packDecode } from '../../src/core/nets/pack-autoencoder.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { parseUnetConfig, unet } from '../../src/core/nets/unet-2d-condition.ts';
import { weightedError } from '../../src/core/recipes/pack/denoise-loss.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';
import { sharedFloats } from '../../src/core/tensor/shared.ts';
import type { TensorData } from '../../src/engine/runtime/executable.ts';
import { compileLanes } from '../../src/engine/runtime/lanes.ts';
import { type LoweringProfile, loweringProfile } from '../../src/engine/runtime/lowering-profile.ts';
import { compileWith, laneCount } from '../../src/engine/runtime/rows.ts';
import { tune } from '../../src/engine/runtime/tuner.ts';
import { TrainStep } from '../../src/engine/training/train-step.ts';
import type { Case, NetworkCase, OpCase } from './cases.ts';
import { prepareDetector } from './our-detectors.ts';

export interface Prepared {
  run(): Promise<void>;
  release(): Promise<void>;
  readonly lowerings: LoweringProfile;
}

const normal = (name: string, shape: readonly number[]) =>
  namedRng(0, name).fillNormal(sharedFloats(sizeOf(shape)));

async function tuned(programs: readonly Program[]): Promise<LoweringProfile> {
  return loweringProfile((await tune(programs, new AbortController().signal)).choices);
}

function network(c: NetworkCase, rows: number) {
  const config = parseUnetConfig(c.unet);
  const s = new Scope(new Builder());
  const { b } = s;
  const { sample } = unet(
    s,
    {
      sample: b.input('sample', [rows, config.inChannels, c.side, c.side]),
      timestep: b.input('timestep', [rows]),
      encoderHiddenStates: b.input('context', [rows, c.tokens, config.crossAttentionDim]),
    },
    config,
  );
  return { s, b, sample, config };
}

function inputs(c: NetworkCase, rows: number): Record<string, TensorData> {
  const { in_channels: channels, cross_attention_dim: width } = c.unet;
  return {
    sample: normal('sample', [rows, channels, c.side, c.side]),
    timestep: new Float32Array(rows).fill(500),
    context: normal('context', [rows, c.tokens, width]),
  };
}

async function trainStep(c: NetworkCase, threads: number): Promise<Prepared> {
  const rows = c.batch / c.parts;
  const { s, b, sample } = network(c, rows);
  const loss = weightedError(
    b,
    sample,
    b.input('target', sample.shape),
    b.input('weight', [rows, 1, c.side, c.side]),
  );
  const program = { b, loss, terms: {}, parameters: s.table };
  const lowerings = await tuned([differentiated(program)]);
  const weights = initialWeights(s.table, (name) => namedRng(1, name));
  const average = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  const step = await TrainStep.create(program, weights, {
    betas: [0.9, 0.99],
    maxNorm: 1,
    parts: c.parts,
    compile: { threads, choice: lowerings },
  });
  const batch = {
    ...inputs(c, rows),
    target: normal('target', sample.shape),
    weight: new Float32Array(rows * c.side ** 2).fill(1),
  };
  return {
    lowerings,
    run: async () => {
      await step.step(Array(c.parts).fill(batch), () => 8e-4);
      updateEma(average, weights, 0.999);
    },
    release: () => step.release(),
  };
}

function decoderOf(c: NetworkCase) {
  const config: AutoencoderConfig | null = c.vae && parseAutoencoderConfig(c.vae);
  return (rows: number) => {
    const s = new Scope(new Builder());
    const z = s.b.input('z', [rows, c.unet.out_channels, c.side, c.side]);
    return {
      s,
      program: { outputs: { image: (config ? decodeLatent(s, z, config) : packDecode(s, z)).image } },
    };
  };
}

async function generate(c: NetworkCase, threads: number): Promise<Prepared> {
  const program = (rows: number) => ({ outputs: { out: network(c, rows).sample } });
  const decoder = decoderOf(c);
  const lane = c.batch / laneCount(c.batch, threads);
  const lowerings = await tuned([program(lane), decoder(lane).program]);
  const options = { threads, choice: lowerings };
  const weights = initialWeights(network(c, 1).s.table, (name) => namedRng(1, name));
  const decoderWeights = initialWeights(decoder(1).s.table, (name) => namedRng(2, name));
  const [denoiser, decode] = [
    await compileWith(weights, c.batch, program, options),
    await compileWith(decoderWeights, c.batch, (rows) => decoder(rows).program, options),
  ];
  const scheduler = schedulerFromConfig(c.scheduler as Parameters<typeof schedulerFromConfig>[0]);
  const feeds = inputs(c, c.batch);
  const plane = c.side ** 2;
  const size = c.unet.out_channels * plane;
  const full = c.unet.in_channels * plane;
  const sample = feeds.sample as Float32Array;
  return {
    lowerings,
    run: async () => {
      const denoise = async (x: Float32Array, t: number) => {
        for (let k = 0; k < c.batch; k++) sample.set(x.subarray(k * size, (k + 1) * size), k * full);
        const { out } = await denoiser.run({ ...feeds, timestep: new Float32Array(c.batch).fill(t) });
        return out as Float32Array;
      };
      const start = normal('start', [c.batch * size]);
      const z = await sampleLatents(denoise, start, scheduler.stepper(c.steps));
      await decode.run({ z });
    },
    release: async () => {
      await denoiser.release();
      await decode.release();
    },
  };
}

/** Forward and backward of one op on the whole batch, as the training graph has it. */
async function op(c: OpCase, threads: number): Promise<Prepared> {
  const rows = c.shapes[0][0];
  const lanes = laneCount(rows, threads);
  const part = (shape: readonly number[]) =>
    shape[0] === rows ? [rows / lanes, ...shape.slice(1)] : [...shape];
  const s = new Scope(new Builder());
  const { b } = s;
  const names = c.shapes.map((_, i) => `x${i}`);
  const values = c.shapes.map((shape, i) => b.input(`x${i}`, part(shape)));
  const [x, y, z] = values;
  const result = {
    conv3x3: () => b.conv2d(x, y, null, { pads: 1 }),
    linear: () => b.matmul(x, y, { transB: true }),
    attention: () => attention(s, x, y, z),
    group_norm_silu: () => {
      const normed = groupNorm(s, x, 8, 1e-5);
      return b.silu(normed);
    },
  }[c.op]();
  const loss = b.sum(b.mul(result, b.input('upstream', result.shape)), 'all');
  const norm = c.op === 'group_norm_silu';
  const parameters = norm
    ? new Map([['x0', x], ...s.table])
    : new Map(names.map((name, i) => [name, values[i]]));
  const program = differentiated({ b, loss, terms: {}, parameters });
  const { loss: _unused, ...outputs } = program.outputs;
  const lowerings = await tuned([{ outputs }]);
  const compiled = await compileLanes({ outputs }, lanes, { threads, choice: lowerings });
  const feeds = Object.fromEntries(
    Object.entries(compiled.inputs).map(([name, type]) => [name, normal(name, type.shape)]),
  );
  return {
    lowerings,
    run: async () => {
      await compiled.runAll(Array(lanes).fill(feeds));
    },
    release: () => compiled.release(),
  };
}

export function prepare(c: Case, threads: number): Promise<Prepared> {
  if (c.kind === 'detector_step') return prepareDetector(c, threads);
  return c.kind === 'op'
    ? op(c, threads)
    : c.kind === 'generate'
      ? generate(c, threads)
      : trainStep(c, threads);
}
