// `anogen`: a learned defect drawn somewhere in a box of a good picture (methods.md 2.4). The label is the box.

import type { Rng } from '../../core/base/rng.ts';
import { resampleMask } from '../../core/image/mask-resample.ts';
import {
  emptyMask,
  type Mask,
  maskArea,
  type Planes,
  type Raster,
  type Rect,
} from '../../core/image/raster.ts';
import { intersectRect, longSide, pictureRect } from '../../core/image/rect.ts';
import { cropToPlanes } from '../../core/image/window-crop.ts';
import { boxSizes, randomBox, rectMask, scaledSizes } from '../../core/recipes/anogen/boxes.ts';
import { countChanges, VISIBLE_CHANGE, visibleShare } from '../../core/recipes/windows/checks.ts';
import { composite, EDIT_GROW_PX } from '../../core/recipes/windows/composite.ts';
import { medianMaskArea } from '../../core/recipes/windows/shapes.ts';
import { withStrength } from '../../core/recipes/windows/strength.ts';
import { blanked, holeCells } from '../backbones/backbone.ts';
import { LatentNetworks } from '../backbones/latent-networks.ts';
import { type HoleJob, jobsPerPass, sampleHoles } from '../backbones/sample-holes.ts';
import { decodeShot } from '../datasets/material.ts';
import { encodeMaskPng, encodePng } from '../imaging/index.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import type { GeneratedPicture, GenerateRequest } from '../services.ts';
import { type LearnedEmbedding, openEmbedding } from './learned-embedding.ts';
import { pictureRng, wholeGroups } from './picture-rng.ts';
import { narrowTo, wishOf } from './placement.ts';
import { type SourcePicture, SourcePictures } from './sources.ts';

/** Boxes drawn together on a window pack; a picture pack draws one at a time. */
const WINDOW_ROWS = 8;
/** A box larger than this share of the window gets a window of its own, ... */
const FILL = 0.92;
/** ... of which it takes this share. */
const LARGE = 0.85;
/** Less visible change than this share of a real defect's area is worth a look. */
const LEAST_CHANGE = 0.25;

interface Draft {
  readonly index: number;
  readonly seed: number;
  readonly rng: Rng;
  readonly source: SourcePicture;
  readonly box: Rect;
  readonly window: Rect;
}

/** The window around a box, within the picture where it is large enough. */
function windowFor(box: Rect, picture: { width: number; height: number }, windowPx: number): Rect {
  const long = longSide(box);
  const side = long <= FILL * windowPx ? windowPx : Math.ceil(long / LARGE);
  const place = (start: number, length: number, room: number): number => {
    const wanted = Math.round(start + length / 2 - side / 2);
    return room <= side ? Math.floor((room - side) / 2) : Math.min(room - side, Math.max(0, wanted));
  };
  return {
    x: place(box.x, box.width, picture.width),
    y: place(box.y, box.height, picture.height),
    width: side,
    height: side,
  };
}

/** The box that was asked for, in whole pixels of a picture; at least two on each side. */
function givenBox(
  where: { x: number; y: number; width: number; height: number },
  { width, height }: { width: number; height: number },
): Rect {
  const x = Math.min(width - 2, Math.round(where.x * width));
  const y = Math.min(height - 2, Math.round(where.y * height));
  return {
    x,
    y,
    width: Math.max(2, Math.min(width - x, Math.round(where.width * width))),
    height: Math.max(2, Math.min(height - y, Math.round(where.height * height))),
  };
}

/** The box without a rim that the blend needs; never empty. */
function core(box: Rect, feather: number): Rect {
  const by = Math.max(
    0,
    Math.min(feather, EDIT_GROW_PX, Math.floor((Math.min(box.width, box.height) - 1) / 4)),
  );
  return { x: box.x + by, y: box.y + by, width: box.width - 2 * by, height: box.height - 2 * by };
}

/** The good picture with the drawn window put back: in the box alone, or all of the window as it was decoded. */
function putBack(draft: Draft, drawn: Float32Array, learned: LearnedEmbedding): Raster {
  const { size } = learned.backbone;
  const data = drawn.map((v) => Math.min(1, Math.max(0, (v + 1) / 2)));
  const generated: Planes = { channels: 3, width: size, height: size, data };
  const { raster } = draft.source;
  const { white } = learned;
  if (!learned.settings.paste) {
    const part = intersectRect(draft.window, pictureRect(raster)) as Rect;
    const options = { white, growPx: 0, detail: 0 };
    return composite(raster, draft.window, rectMask(part, raster), generated, options);
  }
  const inner = core(draft.box, learned.settings.feather);
  const growPx = inner.x - draft.box.x;
  return composite(raster, draft.window, rectMask(inner, raster), generated, { white, growPx });
}

export async function* generateAnoGen(
  request: GenerateRequest,
  context: RunContext,
  options: CompileOptions,
): AsyncIterable<GeneratedPicture> {
  const learned = openEmbedding(request);
  const { backbone, settings, prompts, scale, white } = learned;
  const type = learned.types.indexOf(request.type as string);
  const wish = wishOf(request);
  const where = request.placement?.where;
  const narrow = where?.kind === 'zones' ? await narrowTo(request.placement) : undefined;
  const sources = new SourcePictures(request.normals, learned.kind, narrow);
  const shots = [];
  for (const shot of request.shots) if (shot.type === request.type) shots.push(await decodeShot(shot));
  const real = medianMaskArea(shots);
  const sizes = scaledSizes(
    boxSizes(
      shots.map((shot) => shot.mask),
      settings.boxRange,
    ),
    wish.size,
  );
  const rows = backbone.kind === 'window' ? WINDOW_ROWS : settings.guidance > 1 ? 2 : 1;
  const networks = await LatentNetworks.create(
    {
      backbone,
      rows,
      autoencoder: learned.autoencoder,
      denoiser: { weights: learned.weights, addedTokens: prompts.addedTokens },
    },
    options,
  );
  const sampler = {
    steps: settings.samplerSteps,
    from: 1,
    eta: settings.eta,
    guidance: settings.guidance,
    unconditional: prompts.unconditional,
  };
  const draft = async (index: number): Promise<Draft> => {
    const { rng, seed } = pictureRng(request, index);
    const source = await sources.pick(rng.fork('source'));
    const box =
      where?.kind === 'box'
        ? givenBox(where, source.raster)
        : randomBox(sizes, source.map, settings.onProduct, rng.fork('box'));
    return { index, seed, rng, source, box, window: windowFor(box, source.raster, scale.windowPx) };
  };
  const wanted = new Set(request.indices);
  try {
    for (const group of wholeGroups(request.indices, jobsPerPass(networks, sampler))) {
      const drafts: Draft[] = [];
      for (const index of group) drafts.push(await draft(index));
      const images = drafts.map(({ source, window }) =>
        cropToPlanes(source.raster, window, backbone.size, backbone.size, { white }).data.map(
          (v) => 2 * v - 1,
        ),
      );
      const boxes = drafts.map(({ source, box, window }) => {
        const mask = resampleMask(rectMask(box, source.raster), window, backbone.size, backbone.size, 'zero');
        return maskArea(mask) > 0 ? mask : onePixel(box, window, backbone.size);
      });
      const known = await networks.encode(images);
      const greyed = await networks.encode(images.map((image, k) => blanked(image, boxes[k].data)));
      const jobs = drafts.map(({ rng }, k): HoleJob => {
        const cells = holeCells(boxes[k].data, backbone.size, backbone.latentSize);
        return {
          known: known[k],
          keep: Float32Array.from(cells, (v) => 1 - v),
          beside: { hole: boxes[k].data, mark: boxes[k].data, blanked: greyed[k] },
          prompt: prompts.drawing[type],
          rng: rng.fork('sample'),
        };
      });
      const drawn = await networks.decode(await sampleHoles(networks, jobs, sampler, context.signal));
      for (const [k, d] of drafts.entries()) {
        if (!wanted.has(d.index)) continue;
        const result = withStrength(d.source.raster, putBack(d, drawn[k], learned), wish.strength);
        yield finish(request, learned, d, result, real, sampler.steps);
      }
    }
  } finally {
    await networks.release();
  }
}

/** A box smaller than a pixel of the window is that pixel. */
function onePixel(box: Rect, window: Rect, size: number): Mask {
  const mask = emptyMask(size, size);
  const at = (centre: number, start: number, side: number) =>
    Math.min(size - 1, Math.max(0, Math.floor(((centre - start) * size) / side)));
  const x = at(box.x + box.width / 2, window.x, window.width);
  const y = at(box.y + box.height / 2, window.y, window.height);
  mask.data[y * size + x] = 1;
  return mask;
}

async function finish(
  request: GenerateRequest,
  learned: LearnedEmbedding,
  { index, seed, source, box, window }: Draft,
  result: Raster,
  realArea: number,
  steps: number,
): Promise<GeneratedPicture> {
  const { settings, white } = learned;
  const mask = rectMask(box, source.raster);
  const { outside, rim } = countChanges(source.raster, result, mask);
  const { agreement, threshold } = visibleShare(source.raster, result, mask, white);
  const visibleArea = Math.round(agreement * maskArea(mask));
  const isFaint = visibleArea < LEAST_CHANGE * realArea;
  const isOutside = settings.paste && outside + rim > 0;
  return {
    index,
    seed,
    width: result.width,
    height: result.height,
    image: await encodePng(result, { icc: source.icc }),
    mask: await encodeMaskPng(mask),
    label: 'box',
    sourceId: source.picture.id,
    sourceUse: 'source',
    window,
    recipe: {
      generator: 'anogen',
      label: 'box',
      sampler: 'ddim',
      num_inference_steps: steps,
      eta: settings.eta,
      guidance_scale: settings.guidance,
      outside: settings.paste ? 'pasted' : 'decoded',
      box: { ...box },
      adapterRank: settings.adapterRank,
      weights: request.tokenSet?.hashes ?? {},
      pack: request.pack.hash,
    },
    checks: {
      outside: settings.paste ? { changed: outside + rim, grownBy: 0 } : null,
      agreement: null,
      label: 'box',
      bounds: box,
      area: maskArea(mask),
      visibleArea,
      visibleShare: agreement,
      visibleThreshold: threshold,
      leastVisible: VISIBLE_CHANGE,
      reasons: [
        ...(isOutside ? [`${outside + rim} pixels changed outside the box`] : []),
        ...(isFaint
          ? [
              `${visibleArea} px of the box visibly changed, less than ${Math.round(100 * LEAST_CHANGE)} % of a real defect (${Math.round(realArea)} px)`,
            ]
          : []),
      ],
    },
    flags: [...(isOutside ? (['outside'] as const) : []), ...(isFaint ? (['agreement'] as const) : [])],
  };
}
