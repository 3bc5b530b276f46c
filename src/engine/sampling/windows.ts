// `windows` and `blend`: defects drawn by the model inside exact masks, put back into good pictures.

import type { Rng } from '../../core/base/rng.ts';
import type { Mask, Planes, Raster, Rect } from '../../core/image/raster.ts';
import { type AncestralSchedule, ancestralSchedule } from '../../core/recipes/windows/ancestral.ts';
import { composite } from '../../core/recipes/windows/composite.ts';
import type { MaskSource, PlacedMask } from '../../core/recipes/windows/mask-source.ts';
import { compositeWindow } from '../../core/recipes/windows/noised-composite.ts';
import { type PlannedWindow, planWindows, windowInput } from '../../core/recipes/windows/window-plan.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { GeneratedPicture, GenerateRequest } from '../services.ts';
import { type Learned, openLearned } from './learned.ts';
import { chooseMasks } from './mask-sources.ts';
import { finishDefect } from './picture.ts';
import { pictureRng, wholeGroups } from './picture-rng.ts';
import { narrowTo, wishOf } from './placement.ts';
import { type RealDefects, realDefects, type SourcePicture, SourcePictures } from './sources.ts';
import { GROUP, type WindowJob, WindowModel } from './window-model.ts';

/** Where `blend` starts when nothing is asked: t0 = 500 keeps the real defect's colour and layout. */
const DEFAULT_VARIATION = 0.5;

interface Draft {
  readonly index: number;
  readonly seed: number;
  readonly rng: Rng;
  readonly source: SourcePicture;
  readonly placed: PlacedMask;
  readonly windows: readonly PlannedWindow[];
  result: Raster;
}

async function draft(
  request: GenerateRequest,
  index: number,
  sources: SourcePictures,
  masks: MaskSource,
  learned: Learned,
): Promise<Draft> {
  const { rng, seed } = pictureRng(request, index);
  const source = await sources.pick(rng.fork('source'));
  const placed = masks.make(source.map, rng.fork('mask'));
  return {
    index,
    seed,
    rng,
    source,
    placed,
    windows: planWindows(placed.mask, learned.scale),
    result: source.raster,
  };
}

const signed = (image: Planes): Float32Array => image.data.map((v) => 2 * v - 1);

/** What the model is given for window `j` of a draft. */
function jobOf(
  draft: Draft,
  j: number,
  learned: Learned,
  real: RealDefects,
  blend: boolean,
  type: number,
): WindowJob {
  const window = draft.windows[j];
  const size = learned.scale.workingSize;
  const input = windowInput(draft.result, window, size, undefined, { white: learned.white });
  const options = { white: learned.white, shotWhite: learned.white };
  return {
    image: signed(input.image),
    mask: input.mask.data,
    hole: input.hole.data,
    prompt: learned.product.anomaly[type],
    start: blend
      ? signed(
          compositeWindow(draft.result, window.rect, draft.placed, real.shots, size, window.part, options),
        )
      : null,
    rng: draft.rng.fork(`window ${j}`),
  };
}

function put(draft: Draft, window: PlannedWindow, drawn: Float32Array, learned: Learned): Raster {
  const size = learned.scale.workingSize;
  const data = drawn.map((v) => Math.min(1, Math.max(0, (v + 1) / 2)));
  const generated: Planes = { channels: 3, width: size, height: size, data };
  return composite(draft.result, window.rect, window.part as Mask, generated, { white: learned.white });
}

/** Draws one group of pictures: their first windows together, then their second ones, and so on. */
async function drawGroup(
  drafts: readonly Draft[],
  model: WindowModel,
  schedule: AncestralSchedule,
  make: (draft: Draft, j: number) => WindowJob,
  learned: Learned,
  signal: AbortSignal,
): Promise<void> {
  const most = Math.max(...drafts.map((d) => d.windows.length));
  for (let j = 0; j < most; j++) {
    const active = drafts.filter((d) => d.windows.length > j);
    const drawn = await model.draw(
      active.map((d) => make(d, j)),
      schedule,
      signal,
    );
    active.forEach((d, k) => {
      d.result = put(d, d.windows[j], drawn[k], learned);
    });
  }
}

export async function* generateWindows(
  request: GenerateRequest,
  context: RunContext,
  options: CompileOptions,
): AsyncIterable<GeneratedPicture> {
  const blend = request.generator === 'blend';
  const wish = wishOf(request);
  const learned = openLearned(request);
  const { scale, kind, white } = learned;
  const sources = new SourcePictures(request.normals, kind, await narrowTo(request.placement));
  const real = await realDefects(request.shots, request.type as string, kind, scale, white, wish);
  const masks = await chooseMasks(request, context, learned, real, options);
  const type = learned.types.indexOf(request.type as string);
  const variation = blend ? (request.variation ?? DEFAULT_VARIATION) : (request.variation ?? 1);
  const schedule = ancestralSchedule(blend ? variation : 1);
  const model = await WindowModel.create(learned, options);
  const wanted = new Set(request.indices);
  try {
    for (const group of wholeGroups(request.indices, GROUP)) {
      const drafts: Draft[] = [];
      for (const index of group) drafts.push(await draft(request, index, sources, masks, learned));
      const make = (d: Draft, j: number) => jobOf(d, j, learned, real, blend, type);
      await drawGroup(drafts, model, schedule, make, learned, context.signal);
      for (const d of drafts) {
        if (!wanted.has(d.index)) continue;
        const rects = d.windows.map((w): Rect => w.rect);
        const recipe = {
          generator: request.generator,
          sampler: 'ddim-ancestral',
          timesteps: [...schedule.timesteps],
          variation: blend ? variation : 1,
          windows: rects.map((r) => ({ ...r })),
          attributes: request.attributes,
          maskSource: d.placed.source,
          weights: request.tokenSet?.hashes ?? {},
          pack: request.pack.hash,
        };
        yield await finishDefect(
          {
            index: d.index,
            seed: d.seed,
            source: d.source,
            result: d.result,
            mask: d.placed.mask,
            window: rects[0],
            recipe,
            givenMask: d.placed.source === 'file',
            wish,
          },
          real.stats,
          white,
        );
      }
    }
  } finally {
    await model.release();
  }
}
