// `paste`: the user's own defects cut out and pasted on good pictures, the honest baseline.

import { whiteLevel } from '../../core/image/window-crop.ts';
import { pasteDefect } from '../../core/recipes/windows/paste.ts';
import { chooseWorkingScale } from '../../core/recipes/windows/working-scale.ts';
import { decodeShot } from '../datasets/material.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { GeneratedPicture, GenerateRequest } from '../services.ts';
import { finishDefect } from './picture.ts';
import { pictureRng } from './picture-rng.ts';
import { narrowTo, wishOf } from './placement.ts';
import { judgeProduct, realDefects, SourcePictures } from './sources.ts';

export async function* generatePaste(
  request: GenerateRequest,
  context: RunContext,
): AsyncIterable<GeneratedPicture> {
  const type = request.type as string;
  const wish = wishOf(request);
  const kind = await judgeProduct(request.normals);
  const own = [];
  for (const p of request.shots) if (p.type === type) own.push(await decodeShot(p));
  const scale = chooseWorkingScale(own, request.pack.workingSize);
  const white = whiteLevel(own.map((s) => s.raster));
  const sources = new SourcePictures(request.normals, kind, await narrowTo(request.placement));
  const real = await realDefects(request.shots, type, kind, scale, white, wish);
  for (const index of request.indices) {
    context.signal.throwIfAborted();
    const { rng, seed } = pictureRng(request, index);
    const source = await sources.pick(rng.fork('source'));
    const placed = real.masks.make(source.map, rng.fork('mask'));
    const result = pasteDefect(source.raster, real.shots, placed, { white, shotWhite: white });
    const recipe = {
      generator: 'paste',
      pieces: placed.pieces.map((p) => ({ shot: p.shape.shot, x: p.x, y: p.y, ...p.warp.params })),
    };
    yield await finishDefect(
      {
        index,
        seed,
        source,
        result,
        mask: placed.mask,
        window: null,
        recipe: JSON.parse(JSON.stringify(recipe)),
        wish,
      },
      real.stats,
      white,
    );
  }
}
