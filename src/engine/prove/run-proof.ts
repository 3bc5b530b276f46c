// A proof from its plan to its last cell. What is done is stored at once: a proof that stops goes on where it was.

import type { ProofArm } from '../../core/domain/proof.ts';
import { generatorsOf, needsFineTune, planCells, SOURCES } from '../../core/prove/plan.ts';
import { pooledMetrics } from '../../core/prove/pooled-metrics.ts';
import { decodeMask, decodePicture } from '../imaging/index.ts';
import { openPack } from '../packs/pack.ts';
import { verifyWeights } from '../packs/verify-weights.ts';
import type { RunContext } from '../runs/run-context.ts';
import { openCompute } from '../runtime/compute.ts';
import type { TestedPicture } from './cell-bytes.ts';
import type { GeneratedCopy } from './generated-file.ts';
import type { ProofJob } from './job.ts';
import { loadProofMaterial, type ProofMaterial } from './material.ts';
import { measureQuality, type PictureQuality } from './quality.ts';
import { runCell } from './run-cell.ts';
import type { Scratch } from './scratch.ts';
import { fineTuneSeed, generateSet, isFineTuned, type StepContext } from './seed-run.ts';
import { type CopyScale, copyDefect } from './working-copy.ts';

export interface FinishedCell {
  readonly arm: ProofArm;
  readonly seed: number;
  readonly metrics: ReturnType<typeof pooledMetrics>;
  readonly seconds: number;
  readonly tests: readonly TestedPicture[];
}

export interface ProofHooks {
  /** Whether the cell is stored. */
  isDone(arm: ProofArm, seed: number): boolean;
  /** Stores it. */
  onCell(cell: FinishedCell): void;
  /** Tells of it. */
  afterCell(arm: ProofArm, seed: number, metrics: FinishedCell['metrics']): Promise<void>;
  hasQuality(seed: number): boolean;
  onQuality(seed: number, quality: readonly PictureQuality[]): void;
  /** Waits for the device, for one part of the work. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  now(): number;
}

/** Rough costs in units of a cell, for the time left. */
const FINE_TUNE = 3;
const GENERATE = 0.6;

export async function runProof(
  job: ProofJob,
  scratch: Scratch,
  run: RunContext,
  hooks: ProofHooks,
): Promise<void> {
  const cells = planCells(job.arms, job.seeds, job.seed);
  const seeds = [...new Set(cells.map((cell) => cell.seed))];
  const isComplete = (seed: number) =>
    hooks.hasQuality(seed) && job.arms.every((arm) => hooks.isDone(arm, seed));
  if (seeds.every(isComplete)) return;
  const generators = generatorsOf(job.arms);
  const perSeed = (needsFineTune(job.arms) ? FINE_TUNE : 0) + GENERATE * generators.length + job.arms.length;
  let done = 0;
  /** A step that is worth `units`. */
  const step = async <T>(units: number, work: (context: StepContext) => Promise<T>): Promise<T> => {
    const { runId, signal } = run;
    const progress = (share: number, note: string): void =>
      run.progress(done + units * Math.min(1, share), perSeed * seeds.length, note);
    const result = await work({ runId, signal, progress, log: (level, message) => run.log(level, message) });
    done += units;
    return result;
  };

  run.phase('prove');
  const material = await loadProofMaterial(job, run.signal);
  const accepted = await acceptedCopies(job, material.scale, run.signal);
  for (const seed of seeds) {
    if (isComplete(seed)) {
      done += perSeed;
      continue;
    }
    const sets = new Map<string, readonly GeneratedCopy[]>();
    if (accepted.length > 0) sets.set('accepted', accepted);
    /** Pictures are made when the first arm needs them: what needs no fine-tune does not wait for it. */
    const setOf = async (source: string | null): Promise<readonly GeneratedCopy[]> => {
      const generator = generators.find((name) => name === source);
      if (generator === undefined) return sets.get(source ?? '') ?? [];
      if (sets.has(generator)) return sets.get(generator)!;
      if (generator !== 'paste' && !isFineTuned(seed, scratch))
        await step(FINE_TUNE, (context) => hooks.turn(() => fineTuneSeed(job, seed, scratch, context)));
      const copies = await step(GENERATE, (context) =>
        hooks.turn(() => generateSet(job, generator, seed, scratch, material.scale, context)),
      );
      sets.set(generator, copies);
      return copies;
    };
    for (const arm of job.arms) {
      if (hooks.isDone(arm, seed)) {
        done += 1;
        continue;
      }
      const copies = await setOf(SOURCES[arm]);
      await step(1, async (context) => {
        const begun = hooks.now();
        const tests = await hooks.turn(() => runCell(job, material, copies, { arm, seed }, scratch, context));
        const seconds = (hooks.now() - begun) / 1000;
        const metrics = pooledMetrics(tests);
        hooks.onCell({ arm, seed, metrics, seconds, tests });
        await hooks.afterCell(arm, seed, metrics);
      });
    }
    if (!hooks.hasQuality(seed)) {
      for (const generator of generators) await setOf(generator);
      hooks.onQuality(seed, await hooks.turn(() => qualityOf(job, material, sets, run.signal)));
    }
    await scratch.remove(`seed-${seed}`);
  }
}
async function acceptedCopies(
  job: ProofJob,
  scale: CopyScale,
  signal: AbortSignal,
): Promise<GeneratedCopy[]> {
  if (!job.arms.includes('real+accepted')) return [];
  const copies: GeneratedCopy[] = [];
  for (const { path, maskPath, type, checks, id, label } of job.accepted) {
    signal.throwIfAborted();
    const { raster } = await decodePicture(path, { name: id });
    const { mask } = await decodeMask(maskPath!, raster, { name: `mask of ${id}` });
    const copy = copyDefect(raster, mask, scale);
    // A person has accepted it: whatever was flagged is settled.
    if (copy !== null)
      copies.push({
        ...copy,
        type: type!,
        flags: [],
        agreement: checks.agreement?.changedInMask ?? null,
        weak: label === 'box',
      });
  }
  return copies;
}

async function qualityOf(
  job: ProofJob,
  material: ProofMaterial,
  sets: ReadonlyMap<string, readonly GeneratedCopy[]>,
  signal: AbortSignal,
): Promise<PictureQuality[]> {
  if (sets.size === 0) return [];
  const pack = openPack(job.pack.path);
  const compute = openCompute(job.device, job.lowerings);
  try {
    return await measureQuality({
      material,
      sets: [...sets].map(([generator, copies]) => ({ generator, copies })),
      weights: verifyWeights(pack, pack.weights()).autoencoder,
      options: compute.options,
      signal,
    });
  } finally {
    await compute.close();
  }
}
