// What the user wants made, and the runs that make it.

import type { JobRequest } from '../../api/index.ts';

export const GENERATORS = ['windows', 'blend', 'paste', 'seas', 'anogen'] as const;
export type DefectGenerator = (typeof GENERATORS)[number];
export const PLACES = ['learned', 'zones', 'box', 'mask'] as const;
export type Place = (typeof PLACES)[number];

export type Box = { x: number; y: number; width: number; height: number };

/** Kept per product in the workspace. Percentages are whole numbers. */
export type Plan = {
  counts: Record<string, number>;
  /** Good pictures. */
  good: number;
  generator: DefectGenerator;
  place: Place;
  box: Box | null;
  size: number;
  defects: number;
  strength: number;
  variation: number;
  /** Per type, weights by token. */
  attributes: Record<string, Record<string, number>>;
  seed: number;
  /** Empty: the latest. */
  tokenSet: string;
  /** `real`, `model` or a folder. */
  masks: string;
  device: 'auto' | 'cpu' | 'gpu';
  /** Empty: all outside the test split. */
  sources: string[];
};

export const FIRST_PLAN: Plan = {
  counts: {},
  good: 0,
  generator: 'windows',
  place: 'learned',
  box: null,
  size: 100,
  defects: 1,
  strength: 100,
  variation: 50,
  attributes: {},
  seed: 0,
  tokenSet: '',
  masks: 'real',
  device: 'auto',
  sources: [],
};

/** Ids of the masks that were painted last; null where nothing was. */
export interface Painted {
  zones: string | null;
  mask: string | null;
}

type GenerateInput = Exclude<
  Extract<JobRequest, { method: 'generation.generate' }>['input'],
  { resume: string }
>;

/** Generators that are told where a defect lies and what it is like. */
export function places(generator: DefectGenerator): boolean {
  return generator !== 'seas';
}

export function mixes(generator: DefectGenerator): boolean {
  return methodOf(generator) === 'seas';
}

/** The fine-tuning method a generator works with; null without one. */
export function methodOf(generator: DefectGenerator): 'seas' | 'anogen' | null {
  if (generator === 'paste') return null;
  return generator === 'anogen' ? 'anogen' : 'seas';
}

/** The stored plan as what was learned allows it: generators without their fine-tune fall back to pasting. */
export function allowedPlan(stored: Plan, sets: readonly { id: string; method: string }[]): Plan {
  const has = (method: string | null) => method === null || sets.some((set) => set.method === method);
  const generator = has(methodOf(stored.generator)) ? stored.generator : 'paste';
  const own = sets.some(({ id, method }) => id === stored.tokenSet && method === methodOf(generator));
  return {
    ...stored,
    generator,
    good: has('seas') ? stored.good : 0,
    tokenSet: own ? stored.tokenSet : '',
  };
}

/** How many pictures in all. */
export function totalOf(plan: Plan, types: readonly string[]): number {
  return types.reduce((sum, type) => sum + (plan.counts[type] ?? 0), plan.good);
}

/** Whether the place that was chosen is there. */
export function isPlaceReady({ generator, place, box }: Plan, painted: Painted): boolean {
  if (!places(generator) || place === 'learned') return true;
  if (place === 'box') return box !== null;
  if (place === 'mask') return painted.mask !== null && generator === 'windows';
  return painted.zones !== null;
}

/** One run per type, then one of good pictures. */
export function runsOf(
  plan: Plan,
  { product, types, painted }: { product: string; types: readonly string[]; painted: Painted },
): GenerateInput[] {
  const { generator } = plan;
  const common: Pick<GenerateInput, 'product' | 'seed' | 'shotSeed' | 'tokenSet' | 'sources'> = {
    product,
    seed: plan.seed,
    shotSeed: 0,
    ...(plan.tokenSet !== '' && { tokenSet: plan.tokenSet }),
    ...(plan.sources.length > 0 && { sources: plan.sources }),
  };
  const runs: GenerateInput[] = types
    .filter((type) => (plan.counts[type] ?? 0) > 0)
    .map((type) => ({
      ...common,
      generator,
      type,
      count: plan.counts[type],
      ...placementOf(plan, painted),
      ...attributesOf(plan, type),
      ...(generator === 'blend' && { variation: plan.variation / 100 }),
      ...(generator === 'windows' && plan.place !== 'mask' && { masks: plan.masks }),
      ...(generator !== 'paste' && { device: plan.device }),
    }));
  if (plan.good > 0) {
    const { tokenSet, ...rest } = common;
    const learned = methodOf(generator) === 'seas' && tokenSet !== undefined ? { tokenSet } : {};
    runs.push({ ...rest, ...learned, generator: 'normal', count: plan.good, device: plan.device });
  }
  return runs;
}

function placementOf(plan: Plan, painted: Painted): Pick<GenerateInput, 'placement'> {
  if (!places(plan.generator)) return {};
  const own = plan.place === 'mask';
  const single = plan.generator === 'anogen';
  const [size, defects] = own ? [1, 1] : [plan.size / 100, single ? 1 : plan.defects];
  return { placement: { where: whereOf(plan, painted), size, defects, strength: plan.strength / 100 } };
}

function whereOf({ place, box }: Plan, painted: Painted): NonNullable<GenerateInput['placement']>['where'] {
  if (place === 'box' && box !== null) return { kind: 'box', ...box };
  if ((place === 'zones' || place === 'mask') && painted[place] !== null)
    return { kind: place, mask: painted[place] };
  return { kind: 'learned' };
}

function attributesOf(plan: Plan, type: string): Pick<GenerateInput, 'attributes'> {
  const weights = plan.attributes[type] ?? {};
  const used = Object.entries(weights).filter(([, weight]) => weight > 0);
  return mixes(plan.generator) && used.length > 0 ? { attributes: Object.fromEntries(used) } : {};
}
