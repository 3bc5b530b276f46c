// A detector that is one network on windows.

import type { JsonObject } from '../../core/domain/json.ts';
import type { Raster } from '../../core/image/raster.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { DetectorFiles, ScoreMap, TrainedDetector } from './detector.ts';
import type { ScoringMethod } from './method.ts';
import type { DetectorSpec, DetectorThresholds } from './spec.ts';
import { weightsBytes } from './weights.ts';
import { WindowScorer } from './window-scorer.ts';

export class NetworkDetector implements TrainedDetector {
  readonly spec: DetectorSpec;
  readonly summary: JsonObject;
  readonly #weights: Readonly<Record<string, Float32Array>>;
  readonly #scorer: WindowScorer;

  private constructor(
    spec: DetectorSpec,
    weights: Readonly<Record<string, Float32Array>>,
    scorer: WindowScorer,
    summary: JsonObject,
  ) {
    this.spec = spec;
    this.summary = summary;
    this.#weights = weights;
    this.#scorer = scorer;
  }

  static async create(
    spec: DetectorSpec,
    method: ScoringMethod,
    weights: Readonly<Record<string, Float32Array>>,
    compile: CompileOptions,
  ): Promise<NetworkDetector> {
    const all = { ...method.frozen, ...weights };
    const scoring = (rows: number) => method.scoring(rows);
    const scorer = await WindowScorer.withWeights(all, scoring, spec.settings.window, compile);
    return new NetworkDetector(spec, weights, scorer, {});
  }

  score(picture: Raster, signal?: AbortSignal): Promise<ScoreMap> {
    const { scale, white, imageScore, settings } = this.spec;
    return this.#scorer.picture(picture, { scale, white, imageScore, overlap: settings.overlap }, signal);
  }

  /** The same network with what its training found out. */
  finished(thresholds: DetectorThresholds, summary: JsonObject): NetworkDetector {
    return new NetworkDetector({ ...this.spec, thresholds }, this.#weights, this.#scorer, summary);
  }

  files(): DetectorFiles {
    return { weights: weightsBytes(this.#weights), spec: this.spec };
  }

  release(): Promise<void> {
    return this.#scorer.release();
  }
}
