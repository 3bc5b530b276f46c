// Maps of windows: holes are repaired as if all were good, and what the repair changed is anomalous (methods.md 3.4).

import { namedRng } from '../../core/base/rng.ts';
import { dilate } from '../../core/image/morphology.ts';
import { emptyMask, type Mask, maskArea } from '../../core/image/raster.ts';
import { addInHole, combineMaps, harmonicMean } from '../../core/recipes/anomalysd/maps.ts';
import { blanked, holeCells } from '../backbones/backbone.ts';
import { LatentNetworks } from '../backbones/latent-networks.ts';
import {
  type HoleJob,
  type HoleSampler,
  holeTimesteps,
  jobsPerPass,
  sampleHoles,
} from '../backbones/sample-holes.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { InspectionModel } from './open-model.ts';
import { type DifferenceForm, PatchNetworks } from './patch-networks.ts';
import { type InspectMode, scaleHoles } from './plan-runs.ts';

/** One window to look at. */
export interface WindowTask {
  /** [3,S,S] in [-1,1]. */
  readonly image: Float32Array;
  /** Names its random numbers: the picture's content and the window's place. */
  readonly name: string;
}

interface Repair {
  readonly task: number;
  /** Scale index, or null for the prototype-guided hole. */
  readonly scale: number | null;
  readonly hole: Mask;
  readonly level: number;
}

/** Rows of the networks: eight on a window pack, one picture (with its guidance) on the others. */
const rowsOf = ({ backbone, settings }: InspectionModel): number =>
  backbone.kind === 'window' ? 8 : settings.guidance > 1 ? 2 : 1;

export class WindowInspector {
  readonly model: InspectionModel;
  readonly mode: InspectMode;
  readonly #networks: LatentNetworks;
  readonly #patches: PatchNetworks;
  readonly #scales: readonly (readonly Mask[])[];

  private constructor(
    model: InspectionModel,
    mode: InspectMode,
    networks: LatentNetworks,
    patches: PatchNetworks,
  ) {
    this.model = model;
    this.mode = mode;
    this.#networks = networks;
    this.#patches = patches;
    this.#scales = scaleHoles(model.settings, mode, model.backbone.size);
  }

  static async create(
    model: InspectionModel,
    mode: InspectMode,
    options: CompileOptions,
  ): Promise<WindowInspector> {
    const { backbone, denoiser, autoencoder, base, prompts } = model;
    const networks = await LatentNetworks.create(
      {
        backbone,
        rows: rowsOf(model),
        autoencoder,
        denoiser: { weights: denoiser, addedTokens: prompts.addedTokens },
      },
      options,
    );
    return new WindowInspector(
      model,
      mode,
      networks,
      new PatchNetworks(backbone, base, rowsOf(model), options),
    );
  }

  get sampler(): HoleSampler {
    const { settings, prompts } = this.model;
    const { samplerSteps: steps, lambda: from, eta, guidance } = settings;
    return { steps, from, eta, guidance, unconditional: prompts.unconditional };
  }

  /** Repairs that are made together. */
  get together(): number {
    return jobsPerPass(this.#networks, this.sampler);
  }

  get #form(): DifferenceForm {
    const { settings, variances } = this.model;
    return { kind: settings.difference, blur: settings.differenceBlur, variances };
  }

  get stepsPerRun(): number {
    return holeTimesteps(this.sampler, this.model.backbone.alphasCumprod.length).length;
  }

  /** Measures one step and what comes with a repair on a grey window, each the second time. */
  async secondsPerRepair(signal: AbortSignal): Promise<number> {
    const { backbone, prompts } = this.model;
    const { size } = backbone;
    const grey = new Float32Array(3 * size * size);
    const all = new Uint8Array(size * size).fill(1);
    const [known] = await this.#networks.encode([grey]);
    const job: HoleJob = {
      known,
      keep: new Float32Array(backbone.latentSize ** 2),
      beside: { hole: all, mark: new Uint8Array(size * size), blanked: known },
      prompt: prompts.levels[0],
      rng: namedRng(0, 'cost'),
    };
    const jobs = Array.from({ length: this.together }, () => job);
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      await work();
      const start = performance.now();
      await work();
      return (performance.now() - start) / 1000;
    };
    const sampling = await timed(() =>
      sampleHoles(this.#networks, jobs, { ...this.sampler, steps: 1 }, signal),
    );
    const rest = await timed(async () => {
      await this.#networks.encode(jobs.map(() => grey));
      await this.#networks.decode(jobs.map(() => known));
      await this.#patches.differences(
        jobs.map(() => grey),
        jobs.map(() => grey),
        this.#form,
      );
    });
    return (sampling * this.stepsPerRun + rest) / jobs.length;
  }

  /** Maps [S,S], one per task. `onRepairs` hears of every pass. */
  async maps(
    tasks: readonly WindowTask[],
    signal: AbortSignal,
    onRepairs: (made: number) => void = () => {},
  ): Promise<Float32Array[]> {
    const { settings, backbone, prompts } = this.model;
    const { size } = backbone;
    const images = tasks.map((task) => task.image);
    const known = await this.#networks.encode(images);
    const compared = settings.against === 'reconstruction' ? await this.#networks.decode(known) : images;
    const repairs = await this.#plan(tasks, signal);
    const empty = () => new Float32Array(size * size);
    const perScale = tasks.map(() => prompts.levels.map(() => this.#scales.map(empty)));
    const guided = tasks.map(() => prompts.levels.map(empty));
    for (let at = 0; at < repairs.length; at += this.together) {
      signal.throwIfAborted();
      const part = repairs.slice(at, at + this.together);
      const greyed = await this.#networks.encode(part.map((r) => blanked(images[r.task], r.hole.data)));
      const jobs = part.map((r, k): HoleJob => {
        const cells = holeCells(r.hole.data, size, backbone.latentSize);
        return {
          known: known[r.task],
          keep: Float32Array.from(cells, (v) => 1 - v),
          beside: { hole: r.hole.data, mark: emptyMask(size, size).data, blanked: greyed[k] },
          prompt: prompts.levels[r.level],
          rng: namedRng(this.model.seed, `inspect/${tasks[r.task].name}/${r.level}`),
        };
      });
      const repaired = await this.#networks.decode(
        await sampleHoles(this.#networks, jobs, this.sampler, signal),
      );
      const distances = await this.#patches.differences(
        part.map((r) => compared[r.task]),
        repaired,
        this.#form,
      );
      for (const [k, r] of part.entries()) {
        const map = r.scale === null ? guided[r.task][r.level] : perScale[r.task][r.level][r.scale];
        addInHole(map, distances[k], r.hole);
      }
      onRepairs(part.length);
    }
    const { epsilon, alpha } = settings;
    return tasks.map((_, i) =>
      meanOf(
        prompts.levels.map((_, level) =>
          combineMaps(harmonicMean(perScale[i][level], epsilon), guided[i][level], alpha),
        ),
      ),
    );
  }

  /** Where windows are unlike every prototype, [S,S] each. */
  async prototypeMasks(images: readonly Float32Array[]): Promise<Mask[]> {
    const { backbone, bank, prototypeThreshold, settings } = this.model;
    const { size } = backbone;
    const { side } = this.#patches;
    const masks: Mask[] = [];
    for (const patches of await this.#patches.vectors(images)) {
      const distances = await this.#patches.distances(patches, bank);
      const mask = emptyMask(size, size);
      for (let i = 0; i < mask.data.length; i++) {
        const row = Math.floor((Math.floor(i / size) * side) / size);
        const column = Math.floor(((i % size) * side) / size);
        if (distances[row * side + column] > prototypeThreshold) mask.data[i] = 1;
      }
      masks.push(dilate(mask, Math.round(settings.prototypeGrow * size)));
    }
    return masks;
  }

  async release(): Promise<void> {
    await Promise.all([this.#networks.release(), this.#patches.release()]);
  }

  async #plan(tasks: readonly WindowTask[], signal: AbortSignal): Promise<Repair[]> {
    const { settings, prompts } = this.model;
    const repairs: Repair[] = [];
    const guides = settings.alpha > 0 ? await this.prototypeMasks(tasks.map((task) => task.image)) : [];
    for (const task of tasks.keys()) {
      signal.throwIfAborted();
      const guide = guides[task];
      for (const level of prompts.levels.keys()) {
        this.#scales.forEach((holes, scale) => {
          for (const hole of holes) repairs.push({ task, scale, hole, level });
        });
        if (guide !== undefined && maskArea(guide) > 0)
          repairs.push({ task, scale: null, hole: guide, level });
      }
    }
    return repairs;
  }
}

function meanOf(maps: readonly Float32Array[]): Float32Array {
  return maps[0].map((_, i) => maps.reduce((sum, map) => sum + map[i], 0) / maps.length);
}
