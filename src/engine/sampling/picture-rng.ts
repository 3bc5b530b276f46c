// The random stream of picture i of a run: a function of the run's seed, its generator, its type and i alone.

import { namedRng, type Rng } from '../../core/base/rng.ts';
import type { GenerateRequest } from '../services.ts';

export function pictureRng(
  request: Pick<GenerateRequest, 'generator' | 'type' | 'seed'>,
  index: number,
): { rng: Rng; seed: number } {
  const name = `${request.generator}/${request.type ?? 'good'}/${index}`;
  return { rng: namedRng(request.seed, name), seed: namedRng(request.seed, `${name}/seed`).uint32() };
}

/** Groups of eight consecutive pictures that hold any wanted index: drawn together, always whole. */
export function wholeGroups(indices: readonly number[], size: number): number[][] {
  const groups = [...new Set(indices.map((i) => Math.floor(i / size)))].sort((a, b) => a - b);
  return groups.map((g) => Array.from({ length: size }, (_, k) => g * size + k));
}
