// training.train: what each method does about its plan, its outline and its work.

import { AppError } from '../../core/base/errors.ts';
import type { PlannedStep } from '../../core/memory/plan.ts';
import { isPicturePack } from '../backbones/open-backbone.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { TrainOutcome, TrainOutline, TrainRequest, TrainService } from '../services.ts';

type Unplanned = Omit<TrainRequest, 'plan'>;

interface Method {
  outline(request: Unplanned): TrainOutline;
  plan(request: Unplanned, budget: number): PlannedStep;
  train(request: TrainRequest, context: RunContext): Promise<TrainOutcome>;
}

async function methodOf({ method, pack, settings }: Unplanned): Promise<Method> {
  if (method === 'seas' && isPicturePack(pack)) {
    const [{ outlineSeasPicture, planSeasPicture }, { trainSeasPicture }] = await Promise.all([
      import('./seas-picture/plan-memory.ts'),
      import('./seas-picture/train-seas-picture.ts'),
    ]);
    return { outline: outlineSeasPicture, plan: planSeasPicture, train: trainSeasPicture };
  }
  if (method === 'seas') {
    refuseSettings(settings);
    const [{ outlineSeas, planSeas }, { trainSeas }] = await Promise.all([
      import('./seas/plan-memory.ts'),
      import('./seas/train-seas.ts'),
    ]);
    return { outline: outlineSeas, plan: planSeas, train: trainSeas };
  }
  if (method === 'anogen') {
    const [{ outlineAnoGen, planAnoGen }, { trainAnoGen }] = await Promise.all([
      import('./anogen/plan-memory.ts'),
      import('./anogen/train-anogen.ts'),
    ]);
    return { outline: outlineAnoGen, plan: planAnoGen, train: trainAnoGen };
  }
  const [{ outlineAnomalySd, planAnomalySd }, { trainAnomalySd }] = await Promise.all([
    import('./anomalysd/plan-memory.ts'),
    import('./anomalysd/train-anomalysd.ts'),
  ]);
  return { outline: outlineAnomalySd, plan: planAnomalySd, train: trainAnomalySd };
}

/** SeaS on a window pack is set by its preset alone. */
function refuseSettings(settings: TrainRequest['settings'] = {}): void {
  const [name] = Object.keys(settings);
  if (name === undefined) return;
  throw new AppError('usage', `there is no setting "${name}" for seas on a window pack`, {
    hint: '--set is for Stable Diffusion packs, AnoGen and AnomalySD.',
  });
}

export const trainingService: TrainService = {
  outline: async (request) => (await methodOf(request)).outline(request),
  async lowerings(pack, call) {
    // Measured on window packs only: a whole Stable Diffusion step takes minutes to time.
    if (isPicturePack(pack)) return {};
    const { tunePack } = await import('./seas/tune-pack.ts');
    return tunePack(pack, call);
  },
  plan: async (request, budget) => (await methodOf(request)).plan(request, budget),
  train: async (request, context) => (await methodOf(request)).train(request, context),
};
