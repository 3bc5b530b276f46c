// Pictures from prompts: what they depend on and what not, on self-made packs.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { SAMPLER_NAMES } from '../../../src/core/diffusion/named-samplers.ts';
import { loraTensors } from '../../../src/core/formats/lora-tensors.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { decodePicture } from '../../../src/engine/imaging/index.ts';
import { openSdPack, type SdPack, tokenizerOf } from '../../../src/engine/packs/sd-pack.ts';
import { samplePack } from '../../../src/engine/sampling/sample-pack.ts';
import {
  type TextToImageOptions,
  type TextToImageRequest,
  textToImage,
} from '../../../src/engine/sampling/text-to-image.ts';
import { additionsFor } from '../../../src/engine/weights/additions.ts';
import { put, type TinyOptions, writeTinyLdm, writeTinySd } from '../packs/tiny-sd.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tinyLora } from '../weights/tiny-run.ts';

const OPTIONS: TextToImageOptions = { threads: 1, signal: new AbortController().signal };
const REQUEST: TextToImageRequest = {
  prompt: 'a defect on',
  negative: '',
  sampler: { sampler: 'ddim' },
  steps: 3,
  guidance: 4,
  seed: 7,
  width: null,
  height: null,
};

const tiny = (t: TestContext, options: TinyOptions = {}): SdPack =>
  openSdPack({ path: writeTinySd(join(tempFolder(t), 'model'), options) });

const draw = (pack: SdPack, change: Partial<TextToImageRequest> = {}, options = OPTIONS) =>
  textToImage(pack, tokenizerOf(pack), { ...REQUEST, ...change }, options);

test('the same request gives the same picture; seed, prompt, negative and guidance each change it', async (t) => {
  const pack = tiny(t);
  const first = await draw(pack);
  assert.deepEqual([first.picture.width, first.picture.height, first.picture.channels], [8, 8, 3]);
  assert.deepEqual((await draw(pack)).latents, first.latents);
  for (const change of [{ seed: 8 }, { prompt: 'on a' }, { negative: 'defect' }, { guidance: 5 }])
    assert.notDeepEqual((await draw(pack, change)).latents, first.latents, JSON.stringify(change));
});

test('without guidance the negative prompt plays no part', async (t) => {
  const pack = tiny(t);
  const [one, two] = [
    await draw(pack, { guidance: 1 }),
    await draw(pack, { guidance: 1, negative: 'defect' }),
  ];
  assert.deepEqual(one.latents, two.latents);
});

test('every sampler ends with a picture', async (t) => {
  const pack = tiny(t);
  for (const sampler of SAMPLER_NAMES) {
    const { latents, timesteps } = await draw(pack, { sampler: { sampler }, steps: 4 });
    assert.ok(latents.every(Number.isFinite) && timesteps.length >= 4, sampler);
  }
});

test('folder, fp16 variant and single file draw the same picture', async (t) => {
  const folder = tempFolder(t);
  const plain = writeTinySd(join(folder, 'plain'));
  const half = writeTinySd(join(folder, 'half'), { dtype: 'F16', variant: 'fp16', shards: 0 });
  const single = writeTinyLdm(join(folder, 'single.safetensors'));
  const expected = await draw(openSdPack({ path: plain }));
  assert.deepEqual((await draw(openSdPack({ path: half }))).latents, expected.latents);
  assert.deepEqual((await draw(openSdPack({ path: single, with: plain }))).latents, expected.latents);
});

test('an inpainting model paints everything', async (t) => {
  const { picture } = await draw(tiny(t, { inpainting: true }), { width: 16 });
  assert.deepEqual([picture.width, picture.height], [16, 8]);
});

test('a LoRA changes the picture by its weight', async (t) => {
  const pack = tiny(t);
  const file = join(tempFolder(t), 'lora.safetensors');
  put(file, writeSafetensors(loraTensors(tinyLora(pack), 'kohya')));
  const withLora = (scale: number) =>
    draw(pack, {}, { ...OPTIONS, additions: additionsFor(pack, [{ path: file, scale }], []) });
  const plain = await draw(pack);
  assert.deepEqual((await withLora(0)).latents, plain.latents);
  assert.notDeepEqual((await withLora(1)).latents, plain.latents);
});

test('sizes the networks cannot make are refused with one that they can', async (t) => {
  await assert.rejects(draw(tiny(t), { width: 10 }), { code: 'usage', message: /multiple of 4 px/ });
});

test('stopping stops', async (t) => {
  const controller = new AbortController();
  const options = { ...OPTIONS, signal: controller.signal, onStep: () => controller.abort() };
  await assert.rejects(draw(tiny(t), {}, options), { name: 'AbortError' });
});

describe('packs.sample', () => {
  const request = {
    pack: '',
    with: null,
    variant: null,
    prompt: 'a',
    negative: '',
    sampler: null,
    spacing: 'trailing' as const,
    steps: 2,
    guidance: 2,
    seed: 0,
    width: null,
    height: 16,
    loras: [],
    embeddings: [],
  };

  test('gives a PNG and tells the sampler', async (t) => {
    const made = await samplePack(tiny(t), request, OPTIONS);
    const { raster } = await decodePicture(Buffer.from(made.image));
    assert.deepEqual([raster.width, raster.height, made.scheduler], [8, 16, 'PNDMScheduler']);
    assert.equal(made.timesteps[0], 1000 - 1);
  });

  test('a file that does not tell its heads is not guessed at', async (t) => {
    const pack = openSdPack({ path: writeTinyLdm(join(tempFolder(t), 'model.safetensors')) });
    await assert.rejects(samplePack(pack, request, OPTIONS), {
      code: 'bad-pack',
      message: /attention heads/,
    });
  });
});
