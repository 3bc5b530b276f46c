// One cell of a proof: a detector trained on one arm's windows and tested on every real test picture.

import type { ProofArm } from '../../core/domain/proof.ts';
import { resizePlanes } from '../../core/image/resample.ts';
import type { Cell } from '../../core/prove/plan.ts';
import { countScores } from '../../core/prove/score-histogram.ts';
import type { Detector, ScoreMap, TrainedDetector } from '../detectors/detector.ts';
import { trainDetector } from '../detectors/train-detector.ts';
import { openCompute } from '../runtime/compute.ts';
import type { SmallMap, TestedPicture } from './cell-bytes.ts';
import type { GeneratedCopy } from './generated-file.ts';
import type { ProofJob } from './job.ts';
import { decodeLabelled } from './labelled.ts';
import type { ProofMaterial } from './material.ts';
import type { Scratch } from './scratch.ts';
import type { StepContext } from './seed-run.ts';
import { windowSource } from './window-source.ts';

/** Without a threshold from validation. */
const HALF = 0.5;
/** Longer side of a stored map. */
const SMALL = 160;
/** Share of a cell's time that its training takes. */
const TRAINING = 0.8;

const armText = (arm: ProofArm, seed: number) => `${arm}, seed ${seed}`;

export async function runCell(
  job: ProofJob,
  material: ProofMaterial,
  copies: readonly GeneratedCopy[],
  { arm, seed }: Cell,
  scratch: Scratch,
  context: StepContext,
): Promise<TestedPicture[]> {
  const compute = openCompute(job.device, job.lowerings);
  const checkpoint = `seed-${seed}/detector.checkpoint`;
  const title = armText(arm, seed);
  const store = scratch.checkpoints(checkpoint);
  try {
    const detector = await trainDetector(
      {
        kind: 'unet',
        source: windowSource(arm, material, copies),
        validation: material.validation,
        scale: material.scale.scale,
        white: material.scale.white,
        // The same start and the same real windows in every arm.
        seed,
        settings: { steps: job.settings.detectorSteps, window: job.settings.window },
        compile: compute.options,
      },
      {
        signal: context.signal,
        progress: (done, total, note) =>
          context.progress((TRAINING * done) / total, note === undefined ? title : `${title}, ${note}`),
        ...forArm(arm, store),
      },
    );
    try {
      context.log('info', validationText(title, detector));
      return await testDetector(job, detector, title, context);
    } finally {
      await detector.release();
    }
  } finally {
    await compute.close();
    if (!context.signal.aborted) await scratch.remove(checkpoint);
  }
}

/** What settings may be chosen by: no test picture has been looked at yet. */
function validationText(title: string, { summary }: TrainedDetector): string {
  const { looks, keptStep } = summary as unknown as {
    looks: readonly { step: number; pixelAp: number }[];
    keptStep: number;
  };
  const kept = looks.find((look) => look.step === keptStep);
  const found = kept === undefined ? 'not measured' : kept.pixelAp.toFixed(3);
  return `${title}: pixel AP on validation windows ${found}, weights of step ${keptStep} kept`;
}

type Store = ReturnType<Scratch['checkpoints']>;

/** A checkpoint of another arm is none. */
function forArm(arm: ProofArm, { checkpoint, lastCheckpoint }: Store): Store {
  const mark = Buffer.from(arm.padEnd(32));
  return {
    checkpoint: (step, bytes) => checkpoint(step, Buffer.concat([mark, bytes])),
    lastCheckpoint: async () => {
      const last = await lastCheckpoint();
      if (last === null || !mark.equals(last.bytes.subarray(0, mark.length))) return null;
      return { step: last.step, bytes: last.bytes.slice(mark.length) };
    },
  };
}

async function testDetector(
  job: ProofJob,
  detector: Detector,
  title: string,
  context: StepContext,
): Promise<TestedPicture[]> {
  const threshold = detector.spec.thresholds.pixel ?? HALF;
  const tested: TestedPicture[] = [];
  const { tests } = job.split;
  for (const [i, { rows, isDefect }] of tests.entries()) {
    context.signal.throwIfAborted();
    const { raster, mask, ignored } = await decodeLabelled(rows.map((row) => job.pictures.get(row.id)!));
    const map = await detector.score(raster, context.signal);
    tested.push({
      isDefect,
      imageScore: map.imageScore,
      counts: countScores(map.scores, mask, { threshold, scale: 'probability', ignored }),
      map: smallMap(map),
    });
    context.progress(TRAINING + ((1 - TRAINING) * (i + 1)) / tests.length, `${title}, tested ${i + 1}`);
  }
  return tested;
}

function smallMap({ width, height, scores }: ScoreMap): SmallMap {
  const k = Math.min(1, SMALL / Math.max(width, height));
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * k)));
  const small = resizePlanes({ channels: 1, width, height, data: scores }, w, h, 'box').data;
  const data = Uint8Array.from(small, (p) => Math.round(255 * Math.min(1, Math.max(0, p))));
  return { width: w, height: h, data };
}
