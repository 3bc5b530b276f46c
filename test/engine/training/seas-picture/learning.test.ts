// One batch again and again: every term of the loss falls, with adapters and with the whole U-Net.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PLAIN_STEP } from '../../../../src/core/autodiff/step-program.ts';
import { namedRng } from '../../../../src/core/base/rng.ts';
import { initialWeights } from '../../../../src/core/nets/init.ts';
import { initialAdapters } from '../../../../src/core/recipes/adapters.ts';
import { seasPictureSettings } from '../../../../src/core/recipes/seas/picture-settings.ts';
import { cellTarget } from '../../../../src/core/recipes/seas/square.ts';
import { packService } from '../../../../src/engine/packs/pack-service.ts';
import { createStep } from '../../../../src/engine/training/create-step.ts';
import { pictureBatch } from '../../../../src/engine/training/seas-picture/batch.ts';
import type { Latents } from '../../../../src/engine/training/seas-picture/examples.ts';
import { baseWeights, openPictureModel } from '../../../../src/engine/training/seas-picture/picture-model.ts';
import {
  featureShapes,
  maskProgram,
  tunedProgram,
} from '../../../../src/engine/training/seas-picture/programs.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { SMALL_MASKS, writeTinyPictures } from '../../support/tiny-sd-pictures.ts';

const ROWS = { anomalies: 2, normals: 1 };
const settings = seasPictureSettings({ ...SMALL_MASKS, posterior: false });

function discs(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [Math.floor(i / size) - 30, (i % size) - 22];
    return x * x + y * y < 15 ** 2 ? 1 : 0;
  });
}

for (const rank of [2, 0]) {
  test(`${rank > 0 ? 'adapters' : 'whole U-Net'}: the loss of a fixed batch falls`, async (t) => {
    const info = await packService.resolve(writeTinyPictures(join(tempFolder(t), 'sd')), null);
    const model = openPictureModel(info, 1, settings.tokens);
    const weights = baseWeights(model, { unet: true });
    const { program, trained, adapters } = tunedProgram(model, ROWS, settings, 'code', rank);
    assert.deepEqual(program.scales, [2, 4]);
    const start = initialAdapters(adapters, (name) => namedRng(0, name));
    const own = Object.fromEntries([...trained.parameters.keys()].map((n) => [n, start[n] ?? weights[n]]));
    const latent = (index: number) => ({
      mean: namedRng(0, `latent ${index}`).fillNormal(new Float32Array(4 * 8 * 8)),
      logVariance: new Float32Array(4 * 8 * 8),
    });
    const latents = { defect: ({ index }: { index: number }) => latent(index), good: () => latent(9) };
    const mask = discs(model.backbone.size);
    const defect = { type: 0, mask } as never;
    const picked = (index: number) => ({ index, variant: 0 });
    const batch = pictureBatch(
      {
        model,
        settings,
        latents: latents as unknown as Latents,
        squares: { defects: [defect, defect], good: [], kind: 'surface', white: 255 },
        beside: new Float32Array(0),
      },
      { anomalies: [picked(0), picked(1)], normals: [picked(0)] },
      program.scales,
      namedRng(0, 'batch'),
    );
    const step = await createStep(trained, own, {
      compile: { threads: 1 },
      plan: { parts: 1, lanes: 1, form: PLAIN_STEP },
    });
    const fixed = [...program.parameters.keys()].filter((n) => !own[n]);
    await step.hold(Object.fromEntries(fixed.map((n) => [n, weights[n]])));
    const losses: Record<string, number>[] = [];
    for (let i = 0; i < 12; i++) {
      const { loss, terms } = await step.step(batch, () => 1e-2);
      losses.push({ loss, ...terms });
    }
    await step.release();
    const [first, last] = [losses[0], losses[losses.length - 1]];
    assert.deepEqual(Object.keys(first), ['loss', 'L_df', 'L_NA', 'DA_2', 'DA_4']);
    assert.ok(last.loss < 0.9 * first.loss, `${first.loss} -> ${last.loss}`);
    assert.ok(last.DA_2 + last.DA_4 < first.DA_2 + first.DA_4);
    assert.ok(last.L_df + last.L_NA < first.L_df + first.L_NA);
  });
}

test('the mask network learns a mark from features that show it', async (t) => {
  const info = await packService.resolve(writeTinyPictures(join(tempFolder(t), 'sd')), null);
  const model = openPictureModel(info, 1, settings.tokens);
  const shapes = featureShapes(model, 2);
  const sides = [shapes.f1, shapes.f2, ...shapes.decoder].map((shape) => shape[1]);
  assert.deepEqual(sides, [4, 8, 16, 32]);
  const program = maskProgram(shapes, settings, 1, 1);
  const { fineSize, coarseSize, parameters, state } = program;
  assert.deepEqual([fineSize, coarseSize], [32, 8]);
  const weights = initialWeights(program.s.table, (name) => namedRng(0, name));
  const trained = Object.fromEntries([...parameters.keys()].map((name) => [name, weights[name]]));
  const rest = Object.fromEntries(Object.keys(state ?? {}).map((name) => [name, weights[name]]));
  const step = await createStep(program, trained, {
    compile: { threads: 1 },
    plan: { parts: 1, lanes: 1, form: PLAIN_STEP },
  });
  const mask = discs(64);
  /** Noise, with the mark in every channel of the first picture. */
  const shown = ([channels, side]: readonly number[], pictures: number): Float32Array => {
    const marked = cellTarget(mask, 64, side, 'half');
    const noise = namedRng(0, `features ${side}`).fillNormal(
      new Float32Array(pictures * channels * side ** 2),
    );
    return noise.map((v, k) => (k < channels * side ** 2 ? v + 2 * marked[k % side ** 2] : v));
  };
  const target = (side: number) => {
    const both = new Float32Array(2 * side * side);
    both.set(cellTarget(mask, 64, side, 'half'));
    return both;
  };
  const batch = {
    f1: shown(shapes.f1, 2),
    f2: shown(shapes.f2, 2),
    v0: shown(shapes.decoder[0], 1),
    v1: shown(shapes.decoder[1], 1),
    fine: target(fineSize),
    coarse: target(coarseSize),
    ...rest,
  };
  const losses: number[] = [];
  for (let i = 0; i < 25; i++) losses.push((await step.step(batch, () => 1e-2)).loss);
  await step.release();
  assert.ok(losses[24] < 0.5 * losses[0], `${losses[0]} -> ${losses[24]}`);
});
