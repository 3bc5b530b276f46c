// Shows how far a fine-tune has come: the same defects drawn from the same noise, and where each token looks on real
// ones. Reads the weights; has random numbers and networks of its own, so the run is the same with and without it.

import { namedRng } from '../../../core/base/rng.ts';
import { addNoise } from '../../../core/diffusion/noising.ts';
import { levelAt } from '../../../core/diffusion/parametrisation.ts';
import { maskArea } from '../../../core/image/raster.ts';
import {
  type Example,
  INPUT_CHANNELS,
  LATENT,
  LATENT_SIZE,
  restoreLatents,
  WINDOW,
  writeCondition,
} from '../../../core/recipes/pack/condition.ts';
import type { DenoiseNetworks } from '../../../core/recipes/pack/denoise-loss.ts';
import { bilinearMask } from '../../../core/recipes/seas/mask-pyramid.ts';
import { tokenSelection } from '../../../core/recipes/seas/prompts.ts';
import { ancestralStep } from '../../../core/recipes/windows/ancestral.ts';
import { keptCells } from '../../../core/recipes/windows/kept-cells.ts';
import { encodePng } from '../../imaging/index.ts';
import { PACK_ALPHAS, type Pack } from '../../packs/pack.ts';
import type { Preview } from '../../runs/training-watch.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { compileRows, type Runnable } from '../../runtime/rows.ts';
import type { ExampleSet, WholeExample } from './example-set.ts';
import { LOOKING, PREVIEWS, previewDecoder, previewProgram } from './preview-program.ts';
import type { ProductTokens } from './tokens.ts';

const STEPS = 8;
const TIMESTEPS = Array.from({ length: STEPS }, (_, i) => Math.round(999 * (1 - i / STEPS)));
/** Noise at which attention is read: the defect is still seen. */
const LOOKING_AT = 250;
const PLANE = LATENT * LATENT;
const ALL = new Uint8Array(WINDOW * WINDOW).fill(1);

export interface PreviewInput {
  readonly pack: Pack;
  readonly autoencoder: Readonly<Record<string, Float32Array>>;
  readonly networks: DenoiseNetworks;
  readonly product: ProductTokens;
  readonly types: readonly string[];
  readonly examples: ExampleSet;
  readonly compile: CompileOptions;
}

interface Sample {
  readonly example: Example;
  readonly type: number;
}

export class Previews {
  readonly #input: PreviewInput;
  readonly #unet: Runnable;
  readonly #decoder: Runnable;
  readonly #samples: readonly Sample[];
  readonly #reals: readonly WholeExample[];

  private constructor(input: PreviewInput, unet: Runnable, decoder: Runnable) {
    this.#input = input;
    this.#unet = unet;
    this.#decoder = decoder;
    this.#samples = chosenSamples(input);
    this.#reals = chosenReals(input);
  }

  static async create(input: PreviewInput): Promise<Previews> {
    // One lane: beside a training, memory counts more than time.
    const options = { ...input.compile, lanes: 1 };
    const unet = await compileRows(PREVIEWS, previewProgram(input.networks), options);
    const decoder = await compileRows(PREVIEWS, previewDecoder, options);
    await decoder.hold(input.autoencoder);
    return new Previews(input, unet, decoder);
  }

  /** Pictures of the present weights; `first` adds the real windows that attention is read on. */
  async make(
    weights: Readonly<Record<string, Float32Array>>,
    first: boolean,
    signal: AbortSignal,
  ): Promise<Preview[]> {
    await this.#unet.hold(weights);
    return [
      ...(await this.#drawn(signal)),
      ...(await this.#attention()),
      ...(first ? await this.#realWindows() : []),
    ];
  }

  async release(): Promise<void> {
    await this.#unet.release();
    await this.#decoder.release();
  }

  async #drawn(signal: AbortSignal): Promise<Preview[]> {
    const { pack, product } = this.#input;
    const rows = filled(this.#samples);
    if (rows.length === 0) return [];
    const rngs = rows.map((_, k) => namedRng(0, `preview ${k}`));
    const noise = (k: number, name: string) => rngs[k].fork(name).fillNormal(new Float32Array(LATENT_SIZE));
    const startNoise = rows.map((_, k) => noise(k, 'start'));
    const keep = rows.map(({ example }) => keptCells(example.hole));
    const sample = new Float32Array(PREVIEWS * INPUT_CHANNELS * PLANE);
    rows.forEach(({ example }, k) => {
      writeCondition(sample, k, example.condition, example.mask);
    });
    const prompts = rows.map(({ type }) => product.anomaly[type]);
    const words = this.#words(
      prompts,
      rows.map(({ type }) => type),
    );
    let x = startNoise;
    for (const [index, t] of TIMESTEPS.entries()) {
      signal.throwIfAborted();
      x.forEach((z, k) => {
        sample.set(z, k * INPUT_CHANNELS * PLANE);
      });
      const timestep = new Float32Array(PREVIEWS).fill(t);
      const output = (await this.#unet.run({ sample, timestep, ...words })).prediction as Float32Array;
      const { predictionType } = pack.scheduler;
      const step = { predictionType, alphasCumprod: PACK_ALPHAS, schedule: { timesteps: TIMESTEPS }, index };
      x = x.map((z, k) => {
        const own = output.subarray(k * LATENT_SIZE, (k + 1) * LATENT_SIZE);
        const known = rows[k].example.latent;
        return ancestralStep(step, z, own, noise(k, `step ${index}`), {
          known,
          startNoise: startNoise[k],
          keep: keep[k],
        });
      });
    }
    const types = this.#samples.map(({ type }) => type);
    return this.#pictures('sample', x.slice(0, types.length), types);
  }

  async #attention(): Promise<Preview[]> {
    const { product, examples, types } = this.#input;
    const rows = filled(this.#reals);
    if (rows.length === 0) return [];
    const sample = new Float32Array(PREVIEWS * INPUT_CHANNELS * PLANE);
    rows.forEach(({ latent }, k) => {
      const noise = namedRng(0, `attention ${k}`).fillNormal(new Float32Array(LATENT_SIZE));
      sample.set(addNoise(latent, noise, levelAt(PACK_ALPHAS[LOOKING_AT])), k * INPUT_CHANNELS * PLANE);
      writeCondition(sample, k, examples.blank, ALL);
    });
    const words = this.#words(
      rows.map(({ type }) => product.anomaly[type]),
      rows.map(({ type }) => type),
    );
    const timestep = new Float32Array(PREVIEWS).fill(LOOKING_AT);
    const maps = (await this.#unet.run({ sample, timestep, ...words })).maps as Float32Array;
    const cells = maps.length / (PREVIEWS * LOOKING);
    const out: Preview[] = [];
    for (const [k, { type }] of this.#reals.entries()) {
      const names = [product.tokens.normal, ...product.tokens.anomaly[type]];
      for (const [i, token] of names.entries()) {
        const at = (k * LOOKING + i) * cells;
        const png = await mapPng(maps.subarray(at, at + cells));
        const place = k * LOOKING + i;
        out.push({ kind: 'attention', place, type: types[type], token, png, width: WINDOW, height: WINDOW });
      }
    }
    return out;
  }

  #realWindows(): Promise<Preview[]> {
    return this.#pictures(
      'real',
      this.#reals.map(({ latent }) => latent),
      this.#reals.map(({ type }) => type),
    );
  }

  #words(prompts: readonly (readonly number[])[], types: readonly number[]) {
    const ids = Int32Array.from(prompts.flat());
    const { product, networks } = this.#input;
    const wanted = types.map((type) => product.wanted[type]);
    return { ids, selection: tokenSelection(ids, networks.text.maxPositions, wanted) };
  }

  /** Decodes normalised latents. */
  async #pictures(
    kind: 'sample' | 'real',
    latents: readonly Float32Array[],
    types: readonly number[],
  ): Promise<Preview[]> {
    const latent = new Float32Array(PREVIEWS * LATENT_SIZE);
    latents.forEach((z, k) => {
      latent.set(z, k * LATENT_SIZE);
    });
    restoreLatents(latent, this.#input.pack.latentScale);
    const image = (await this.#decoder.run({ latent })).image as Float32Array;
    const size = 3 * WINDOW * WINDOW;
    return Promise.all(
      types.map(async (type, place) => ({
        kind,
        place,
        type: this.#input.types[type],
        token: null,
        png: await windowPng(image.subarray(place * size, (place + 1) * size)),
        width: WINDOW,
        height: WINDOW,
      })),
    );
  }
}

/** Up to `PREVIEWS` defects, one of each type in turn; of a type those of middling size first. */
function inTurn<T extends { readonly type: number }>(items: readonly T[], area: (item: T) => number): T[] {
  const byType = new Map<number, T[]>();
  for (const item of items) byType.set(item.type, [...(byType.get(item.type) ?? []), item]);
  const lists = [...byType].sort(([a], [b]) => a - b).map(([, list]) => middlingFirst(list, area));
  const out: T[] = [];
  for (let turn = 0; out.length < PREVIEWS && lists.some((list) => turn < list.length); turn++)
    for (const list of lists) if (turn < list.length && out.length < PREVIEWS) out.push(list[turn]);
  return out;
}

function middlingFirst<T>(list: readonly T[], area: (item: T) => number): T[] {
  const sorted = list.toSorted((a, b) => area(a) - area(b));
  const middle = area(sorted[sorted.length >> 1]);
  return list.toSorted((a, b) => Math.abs(area(a) - middle) - Math.abs(area(b) - middle));
}

const areaOf = (mask: Uint8Array): number => maskArea({ width: WINDOW, height: WINDOW, data: mask });

function chosenSamples({ examples, product }: PreviewInput): Sample[] {
  const samples = examples.windows.map((example) => {
    const type = product.anomaly.indexOf(example.prompt);
    return { example, type };
  });
  return inTurn(
    samples.filter(({ type }) => type >= 0),
    ({ example }) => areaOf(example.mask),
  );
}

function chosenReals({ examples }: PreviewInput): WholeExample[] {
  return inTurn(examples.anomalies, ({ mask }) => areaOf(mask));
}

/** Always `PREVIEWS` rows: the first stands in for those that are missing. */
function filled<T>(rows: readonly T[]): T[] {
  return rows.length === 0 ? [] : Array.from({ length: PREVIEWS }, (_, k) => rows[k] ?? rows[0]);
}

/** [3,128,128] in about [-1,1]. */
function windowPng(window: Float32Array): Promise<Uint8Array> {
  const area = WINDOW * WINDOW;
  const data = new Uint8Array(3 * area);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++) {
      const v = window[c * area + i];
      data[3 * i + c] = Math.round(255 * Math.min(1, Math.max(0, (v + 1) / 2)));
    }
  return encodePng({ width: WINDOW, height: WINDOW, channels: 3, data });
}

/** A square map as a grey picture, white where it is largest. */
function mapPng(map: Float32Array): Promise<Uint8Array> {
  const side = Math.sqrt(map.length);
  const { data } = bilinearMask({ data: map, height: side, width: side }, WINDOW, WINDOW);
  let [low, high] = [Infinity, -Infinity];
  for (const v of data) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const grey = Uint8Array.from(data, (v) => Math.round((255 * (v - low)) / Math.max(1e-12, high - low)));
  return encodePng({ width: WINDOW, height: WINDOW, channels: 1, data: grey });
}
