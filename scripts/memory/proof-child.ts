// One part of the proof in a fresh process: prints one JSON line of what it took.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gradientOf } from '../../src/core/autodiff/step-program.ts';
import { invariant } from '../../src/core/base/errors.ts';
import { inputName } from '../../src/core/graph/value.ts';
import { programMemory } from '../../src/core/memory/predict.ts';
import { encodePng } from '../../src/engine/imaging/encode-png.ts';
import { openSdPack, type SdPack } from '../../src/engine/packs/sd-pack.ts';
import { compile } from '../../src/engine/runtime/executable.ts';
import { letGo } from '../../src/engine/runtime/let-go.ts';
import { textToImage } from '../../src/engine/sampling/text-to-image.ts';
import { DiskAdamW } from '../../src/engine/training/disk-adamw.ts';
import { TrainStep } from '../../src/engine/training/train-step.ts';
import { peakBytes, residentBytes } from './process-memory.ts';
import { readWeights, SD_FORM, sdBatch, sdProgram, sdStepProgram, split } from './sd-step.ts';

interface Options {
  readonly threads: number;
  readonly rank: number;
  readonly steps: number;
  readonly folder: string;
}

const now = () => Math.round(performance.now()) / 1000;
const note = (text: string): void => void process.stderr.write(`${now().toFixed(0)} s  ${text}\n`);
const RATE = 4e-6;
const TOKEN_RATE = 4e-5;
const ADAPTER_RATE = 1e-3;

function predicted(pack: SdPack, rank: number): number {
  const memory = programMemory(sdStepProgram(pack, rank));
  return memory.feedBytes + memory.arenaBytes + memory.resultBytes + memory.sessionBytes;
}

/** Two steps on one batch: the second tells the loss after the first. */
async function adapters(pack: SdPack, { rank, threads, steps }: Options) {
  const base = residentBytes();
  const program = sdProgram(pack, rank);
  const { own, fixed } = split(program, readWeights(pack));
  const moments = 2 * Object.values(own).reduce((n, w) => n + w.byteLength, 0);
  const prediction = base + predicted(pack, rank) + moments;
  note('weights are read');
  const step = await TrainStep.create(program, own, { form: SD_FORM, compile: { threads } });
  const batch = { ...fixed, ...sdBatch(pack) };
  const losses: number[] = [];
  const seconds: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = now();
    const { loss } = await step.step(batch, (n) => (n.includes('.lora_') ? ADAPTER_RATE : TOKEN_RATE));
    seconds.push(now() - start);
    losses.push(loss);
    note(`step ${i + 1}: loss ${loss}`);
  }
  await step.release();
  return { losses, seconds, predictedBytes: prediction, trained: 'adapters on attention, token table' };
}

/** The same with every weight of the U-Net trained: moments in a file, each gradient let go of once it is used. */
async function whole(pack: SdPack, { threads, steps, folder }: Options) {
  const base = residentBytes();
  const program = sdProgram(pack, 0);
  const { own, fixed } = split(program, readWeights(pack));
  const prediction = base + predicted(pack, 0);
  note('weights are read');
  const executable = await compile(sdStepProgram(pack, 0), { threads });
  const file = join(folder, 'moments.bin');
  const optimizer = new DiskAdamW(file, own);
  const inputs = Object.fromEntries([...program.parameters].map(([name, v]) => [inputName(v), own[name]]));
  const batch = { ...fixed, ...inputs, ...sdBatch(pack) };
  const losses: number[] = [];
  const seconds: number[] = [];
  try {
    for (let i = 0; i < steps; i++) {
      const start = now();
      const results = (await executable.run(batch)) as Record<string, Float32Array>;
      [losses[i]] = results.loss;
      note(`step ${i + 1}: loss ${losses[i]}`);
      const found = Object.keys(own).filter((name) => results[gradientOf(name)]);
      const gradients = Object.fromEntries(found.map((name) => [name, results[gradientOf(name)]]));
      optimizer.step(
        gradients,
        (name) => (name.startsWith('text/') ? TOKEN_RATE : RATE),
        (name) => letGo(gradients[name] ? { [name]: gradients[name] } : {}),
      );
      seconds.push(now() - start);
      note('weights are updated');
    }
  } finally {
    optimizer.close();
    rmSync(file);
    await executable.release();
  }
  return { losses, seconds, predictedBytes: prediction, trained: 'whole U-Net, token table' };
}

async function picture(pack: SdPack, { threads, steps, folder }: Options) {
  invariant(pack.tokenizer, 'the pack has a tokenizer');
  const start = now();
  const { picture: drawn } = await textToImage(
    pack,
    pack.tokenizer.load(),
    {
      prompt: 'a photo',
      negative: '',
      sampler: { sampler: null },
      steps,
      guidance: 7.5,
      seed: 0,
      width: null,
      height: null,
    },
    { threads, signal: new AbortController().signal, onStep: (i, n) => note(`sampling ${i} of ${n}`) },
  );
  const file = join(folder, 'picture.png');
  writeFileSync(file, await encodePng(drawn));
  return { seconds: [now() - start], picture: file, width: drawn.width, height: drawn.height };
}

const PARTS = { adapters, whole, sample: picture };
const [part, packFolder, json] = process.argv.slice(2);
const options = JSON.parse(json) as Options;
const found = await PARTS[part as keyof typeof PARTS](openSdPack({ path: packFolder }), options);
process.stdout.write(`${JSON.stringify({ part, ...options, ...found, peakBytes: peakBytes() })}\n`);
