// What we save is what diffusers loads, and the other way round. Needs FLAWSMITH_PYTHON with torch and diffusers.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addLowRank, loraTensors } from '../../../src/core/formats/lora-tensors.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { embeddingTensors, expandPrompt } from '../../../src/core/formats/text-embedding.ts';
import { openSafetensors } from '../../../src/engine/packs/safetensors-file.ts';
import { openSdPack, type SdPack, tokenizerOf } from '../../../src/engine/packs/sd-pack.ts';
import { encodePrompts } from '../../../src/engine/sampling/text-to-image.ts';
import { additionsFor } from '../../../src/engine/weights/additions.ts';
import { applyLora, readLora } from '../../../src/engine/weights/read-lora.ts';
import { put, tensorsOf, tinyModel, writeTinySd } from '../packs/tiny-sd.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { largest, ONE_THREAD, runUnet, tinyLora, unetInputs, worstDifference } from './tiny-run.ts';

const python = process.env.FLAWSMITH_PYTHON;
const skip = python ? false : 'FLAWSMITH_PYTHON does not point to a Python with diffusers: not compared';
/** PyTorch and ONNX Runtime sum in another order. */
const RELATIVE = 2e-5;

function assertClose(ours: Float32Array, theirs: Float32Array, what: string): void {
  const worst = worstDifference(ours, theirs) / largest(theirs);
  assert.ok(worst < RELATIVE, `${what}: ${worst}`);
}

const embed = (pack: SdPack, prompt: string, additions = additionsFor(pack, [], [])) =>
  encodePrompts(pack, tokenizerOf(pack), [prompt], {
    ...ONE_THREAD,
    signal: new AbortController().signal,
    additions,
  });

test('LoRAs, embeddings and U-Nets give the same outputs in diffusers', { skip }, async (t) => {
  const folder = tempFolder(t);
  const at = (name: string) => join(folder, name);
  const pack = openSdPack({ path: writeTinySd(at('pack')) });
  const lora = tinyLora(pack);
  for (const dialect of ['diffusers', 'kohya'] as const)
    put(at(`${dialect}.safetensors`), writeSafetensors(loraTensors(lora, dialect), { format: 'pt' }));
  const embedding = {
    name: '<part>',
    rows: Float32Array.from({ length: 16 }, (_, i) => Math.sin(i)),
    width: 8,
  };
  for (const dialect of ['a1111', 'diffusers'] as const)
    put(at(`e-${dialect}.safetensors`), writeSafetensors(embeddingTensors(embedding, dialect)));
  const model = tinyModel();
  for (const module of lora.filter((m) => m.network === 'unet'))
    addLowRank(model.weights.unet[`${module.module}.weight`], module);
  put(at('tuned/unet/config.json'), JSON.stringify(pack.unet.json));
  const tuned = tensorsOf(model.unet, model.weights.unet);
  put(at('tuned/unet/diffusion_pytorch_model.safetensors'), writeSafetensors(tuned, { format: 'pt' }));
  const inputs = Object.entries(unetInputs()).map(([name, i]) => ({ name, dtype: 'F32' as const, ...i }));
  put(at('inputs.safetensors'), writeSafetensors(inputs));
  const prompt = 'a <part> defect';
  const job = {
    pack: at('pack'),
    inputs: at('inputs.safetensors'),
    out: at('out.safetensors'),
    loras: { diffusers: at('diffusers.safetensors'), kohya: at('kohya.safetensors') },
    embeddings: {
      a1111: { file: at('e-a1111.safetensors'), token: '<part>', prompt },
      diffusers: { file: at('e-diffusers.safetensors'), token: null, prompt },
    },
    unets: { tuned: at('tuned') },
    saveLora: at('saved'),
  };
  writeFileSync(at('job.json'), JSON.stringify(job));
  const script = join(import.meta.dirname, 'diffusers_check.py');
  execFileSync(python as string, [script, at('job.json')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const theirs = openSafetensors(at('out.safetensors'));
  t.after(() => theirs.close());

  assertClose(await runUnet(pack), theirs.float32('base'), 'base');
  const files = { diffusers: job.loras.diffusers, kohya: job.loras.kohya };
  for (const [dialect, file] of Object.entries(files)) {
    const read = readLora(file, pack);
    const ours = await runUnet(pack, (w) => applyLora(w, read, 'unet', 1));
    assertClose(ours, theirs.float32(`lora.${dialect}`), `${dialect} LoRA, ${theirs.metadata.get(dialect)}`);
    assert.ok(worstDifference(ours, theirs.float32('base')) > 1e-3, 'the LoRA changes something');
    // diffusers 0.42 leaves out the text encoder's attention of kohya files (their perceptrons it takes).
    if (dialect === 'diffusers' && theirs.has(`lora.${dialect}.text`)) {
      const text = await embed(pack, 'a defect on', additionsFor(pack, [{ path: file, scale: 1 }], []));
      assertClose(text, theirs.float32(`lora.${dialect}.text`), `${dialect} LoRA on the text encoder`);
    }
  }
  assertClose(
    await runUnet(pack, (w) => Object.assign(w, model.weights.unet)),
    theirs.float32('unet.tuned'),
    'tuned U-Net',
  );
  for (const dialect of ['a1111', 'diffusers'] as const) {
    const additions = additionsFor(pack, [], [{ path: at(`e-${dialect}.safetensors`), token: '<part>' }]);
    assert.equal(additions.expand(prompt), expandPrompt(prompt, '<part>', 2));
    assertClose(
      await embed(pack, prompt, additions),
      theirs.float32(`embedding.${dialect}`),
      `${dialect} embedding`,
    );
  }
  if (!theirs.has('saved')) {
    t.diagnostic('no PEFT here: LoRAs were merged by hand, none saved by diffusers was read');
    return;
  }
  const saved = readLora(at('saved/pytorch_lora_weights.safetensors'), pack);
  const ours = await runUnet(pack, (w) => applyLora(w, saved, 'unet', 1));
  assertClose(ours, theirs.float32('saved'), 'LoRA saved by diffusers');
});
