// Five graphs whose memory is predicted and measured.

import { differentiated, PLAIN_STEP, type StepProgram } from '../../src/core/autodiff/step-program.ts';
import { Builder } from '../../src/core/graph/builder.ts';
import type { Program } from '../../src/core/graph/graph.ts';
import { inputName, topologicalOrder } from '../../src/core/graph/value.ts';
import { type StepPlan, stepBytes, stepPlans } from '../../src/core/memory/plan.ts';
import { programMemory, runBytes } from '../../src/core/memory/predict.ts';
import { decodeLatent, parseAutoencoderConfig } from '../../src/core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../src/core/nets/clip-text-model.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { parseUnetConfig } from '../../src/core/nets/unet-2d-condition.ts';
import { LATENT } from '../../src/core/recipes/pack/condition.ts';
import { denoise, denoiseInputs } from '../../src/core/recipes/pack/denoise-loss.ts';
import { PACK_TEXT_JSON, PACK_UNET_JSON } from '../../src/core/recipes/pack/pack-config.ts';
import { pictureProgram } from '../../src/core/recipes/seas/picture-program.ts';
import { sizeOf } from '../../src/core/tensor/shape.ts';
import { sharedFloats } from '../../src/core/tensor/shared.ts';
import { compile, type TensorData } from '../../src/engine/runtime/executable.ts';
import { compileRows, laneCount } from '../../src/engine/runtime/rows.ts';
import { unetProgram } from '../../src/engine/training/pack/train-unet.ts';
import { TrainStep } from '../../src/engine/training/train-step.ts';
import { SD_AUTOENCODER, SD_TEXT, SD_UNET } from './random-sd-pack.ts';

export interface MemoryCase {
  readonly title: string;
  /** Bytes the process should take beside what it has when it starts. */
  predict(threads: number): number;
  /** Runs it long enough for every buffer to have been used. */
  run(threads: number): Promise<void>;
}

type Types = Readonly<Record<string, { dtype: string; shape: readonly number[] }>>;

/** Written to, so that the memory is really there; small numbers keep everything finite. */
function filled(types: Types): Record<string, TensorData> {
  const entries = Object.entries(types).map(([name, { dtype, shape }]): [string, TensorData] => {
    const size = sizeOf(shape);
    return [name, dtype === 'int32' ? new Int32Array(size).fill(1) : sharedFloats(size).fill(0.01)];
  });
  return Object.fromEntries(entries);
}

/** Inputs of a program by walking it. */
function inputsOf(program: Program): Types {
  const inputs = topologicalOrder(Object.values(program.outputs)).filter((v) => v.op === 'input');
  return Object.fromEntries(inputs.map((v) => [inputName(v), v]));
}

const RUNS = 3;

/** A training step as the product takes it, whole or in micro-batches side by side. */
function training(title: string, step: (parts: number) => StepProgram, parts: number): MemoryCase {
  const planFor = (threads: number): StepPlan => stepPlans([parts], threads)[0];
  return {
    title,
    predict(threads) {
      const plan = planFor(threads);
      const program = step(parts);
      const trained = [...program.parameters.values()].reduce((n, v) => n + 4 * sizeOf(v.shape), 0);
      return stepBytes(programMemory(differentiated(program, PLAIN_STEP)), plan, trained);
    },
    async run(threads) {
      const plan = planFor(threads);
      const program = step(parts);
      const all = filled(inputsOf({ outputs: { loss: program.loss } }));
      const own = Object.fromEntries(
        [...program.parameters].map(([name, v]) => [name, all[inputName(v)] as Float32Array]),
      );
      const rest = Object.entries(all).filter(([name]) => !own[name]);
      const made = await TrainStep.create(program, own, { compile: { threads }, ...plan });
      const batches = Array.from({ length: parts }, () => Object.fromEntries(rest));
      for (let i = 0; i < RUNS; i++) await made.step(batches, () => 1e-6);
      await made.release();
    },
  };
}

const packNetworks = {
  unet: parseUnetConfig(PACK_UNET_JSON),
  text: parseClipTextConfig(PACK_TEXT_JSON),
  addedTokens: 0,
};
const ROWS = 8;
function packSampling(rows: number): Program {
  const b = new Builder();
  const inputs = denoiseInputs(b, rows, packNetworks.unet, LATENT, packNetworks.text.maxPositions);
  const { sample } = denoise(new Scope(b, 'unet/'), new Scope(b, 'text/'), inputs, packNetworks);
  return { outputs: { prediction: sample } };
}

function autoencoder(): Program {
  const s = new Scope(new Builder());
  const latent = s.b.input('latent', [1, 4, 32, 32]);
  return { outputs: { image: decodeLatent(s, latent, parseAutoencoderConfig(SD_AUTOENCODER)).image } };
}

/** A Stable Diffusion U-Net of 100 M parameters with a text encoder of four layers. */
function midSize(): StepProgram {
  const unet = { ...SD_UNET, block_out_channels: [128, 256, 384, 384], cross_attention_dim: 512 };
  const text = {
    ...SD_TEXT,
    hidden_size: 512,
    intermediate_size: 2048,
    num_hidden_layers: 4,
    num_attention_heads: 8,
  };
  const networks = { unet: parseUnetConfig(unet), text: parseClipTextConfig(text), addedTokens: 5 };
  const options = { anomalies: 1, normals: 1, latentSize: 32, promptLength: 77, tokensPerPrompt: 5 };
  const program = pictureProgram(networks, { ...options, form: 'code' });
  const trained = [...program.parameters].filter(
    ([n]) => n.startsWith('unet/') || n.includes('token_embedding'),
  );
  return { ...program, parameters: new Map(trained) };
}

export const CASES: Readonly<Record<string, MemoryCase>> = {
  'pack-step': training('training step of the pack, 8 windows', (parts) => unetProgram(ROWS / parts), 2),
  'pack-sampling': {
    title: 'sampling with the pack, 8 windows',
    predict(threads) {
      const lanes = laneCount(ROWS, threads);
      return stepBytes(programMemory(packSampling(ROWS / lanes)), { parts: lanes, lanes }, 0);
    },
    async run(threads) {
      const rows = await compileRows(ROWS, packSampling, { threads });
      const feeds = filled(inputsOf(packSampling(ROWS)));
      for (let i = 0; i < RUNS; i++) await rows.run(feeds);
      await rows.release();
    },
  },
  vae: {
    title: 'Stable Diffusion autoencoder, decoding 256 px',
    predict: () => runBytes(programMemory(autoencoder())),
    async run(threads) {
      const executable = await compile(autoencoder(), { threads });
      const feeds = filled(executable.inputs);
      for (let i = 0; i < RUNS; i++) await executable.run(feeds);
      await executable.release();
    },
  },
  'mid-step': training('SeaS step of a 100 M parameter U-Net, 2 pictures of 32x32 latents', midSize, 1),
};
