// Scores windows with a compiled network, a fixed number at a time, and whole pictures out of windows.

import type { Program } from '../../core/graph/graph.ts';
import type { Raster } from '../../core/image/raster.ts';
import { resizePlanes } from '../../core/image/resample.ts';
import { cropToPlanes } from '../../core/image/window-crop.ts';
import { MapMosaic, tileStarts } from '../../core/recipes/detector/tiles.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { compileRows, compileWith, type Runnable } from '../runtime/rows.ts';
import type { ScoreMap } from './detector.ts';
import { imageScore } from './image-score.ts';
import type { ImageScoreRule } from './spec.ts';

/** Windows scored at once. */
const ROWS = 4;

type Weights = Readonly<Record<string, Float32Array>>;

/** Size of a picture at working scale, at least 1. */
export function workingSize(picture: { width: number; height: number }, scale: number) {
  const at = (native: number) => Math.max(1, Math.round(native * scale));
  return { width: at(picture.width), height: at(picture.height) };
}

/** How a picture is cut into windows, and its map read. */
export interface ScoringWay {
  readonly scale: number;
  readonly white: number | null;
  readonly overlap: number;
  readonly imageScore: ImageScoreRule;
}

export class WindowScorer {
  readonly #runnable: Runnable;
  readonly #side: number;
  readonly #rows: number;

  /** `runnable`: input `image` [rows,3,S,S] in 0..1, output `map` [rows,S,S]. */
  constructor(runnable: Runnable, side: number, rows: number) {
    this.#runnable = runnable;
    this.#side = side;
    this.#rows = rows;
  }

  /** The weights are held later. */
  static async create(
    program: (rows: number) => Program,
    side: number,
    compile: CompileOptions,
  ): Promise<WindowScorer> {
    return new WindowScorer(await compileRows(ROWS, program, compile), side, ROWS);
  }

  /** With weights that never change. */
  static async withWeights(
    weights: Weights,
    program: (rows: number) => Program,
    side: number,
    compile: CompileOptions,
  ): Promise<WindowScorer> {
    return new WindowScorer(await compileWith(weights, ROWS, program, compile), side, ROWS);
  }

  hold(weights: Weights): Promise<void> {
    return this.#runnable.hold(weights);
  }

  /** Maps [S,S] of windows [3,S,S]. */
  async maps(windows: readonly Float32Array[]): Promise<Float32Array[]> {
    const size = 3 * this.#side ** 2;
    const area = this.#side ** 2;
    const out: Float32Array[] = [];
    for (let at = 0; at < windows.length; at += this.#rows) {
      const part = windows.slice(at, at + this.#rows);
      const image = new Float32Array(this.#rows * size);
      part.forEach((w, k) => {
        image.set(w, k * size);
      });
      const { map } = await this.#runnable.run({ image });
      part.forEach((_, k) => {
        out.push((map as Float32Array).slice(k * area, (k + 1) * area));
      });
    }
    return out;
  }

  /** The map of a whole picture: overlapping windows at working scale, then back to the picture's own size. */
  async picture(raster: Raster, way: ScoringWay, signal?: AbortSignal): Promise<ScoreMap> {
    const { scale, white, overlap } = way;
    const side = this.#side;
    const { width, height } = workingSize(raster, scale);
    const [perX, perY] = [raster.width / width, raster.height / height];
    const mosaic = new MapMosaic(width, height, side, overlap);
    const corners = tileStarts(height, side, overlap).flatMap((y) =>
      tileStarts(width, side, overlap).map((x) => ({ x, y })),
    );
    for (let at = 0; at < corners.length; at += this.#rows) {
      signal?.throwIfAborted();
      const part = corners.slice(at, at + this.#rows);
      const windows = part.map(({ x, y }) => {
        const rect = { x: x * perX, y: y * perY, width: side * perX, height: side * perY };
        return cropToPlanes(raster, rect, side, side, { white: white ?? undefined }).data;
      });
      const maps = await this.maps(windows);
      part.forEach(({ x, y }, k) => {
        mosaic.add(maps[k], x, y);
      });
    }
    const working = { channels: 1, width, height, data: mosaic.map() };
    const native = resizePlanes(working, raster.width, raster.height).data;
    return {
      width: raster.width,
      height: raster.height,
      scores: native,
      imageScore: imageScore(way.imageScore, working.data, width, height),
    };
  }

  release(): Promise<void> {
    return this.#runnable.release();
  }
}
