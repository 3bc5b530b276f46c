// training.train for AnoGen: an embedding of each defect type from three pictures, networks frozen (methods.md 2.3).

import { namedRng } from '../../../core/base/rng.ts';
import type { JsonObject } from '../../../core/domain/json.ts';
import { planText } from '../../../core/memory/plan.ts';
import { initialAdapters } from '../../../core/recipes/adapters.ts';
import { boxAround } from '../../../core/recipes/anogen/boxes.ts';
import { latentRegion } from '../../../core/recipes/anogen/embedding-loss.ts';
import { ANOGEN_DEFAULTS, anoGenSettings } from '../../../core/recipes/anogen/settings.ts';
import { startRows, TOKEN_ROWS } from '../../../core/recipes/token-rows.ts';
import { TABLE } from '../../../core/recipes/trainable-denoiser.ts';
import { drawWindow, windowPool } from '../../../core/recipes/windows/window-pair.ts';
import { chooseWorkingScale } from '../../../core/recipes/windows/working-scale.ts';
import { sharedCopy } from '../../../core/tensor/shared.ts';
import type { Backbone } from '../../backbones/backbone.ts';
import { LatentNetworks } from '../../backbones/latent-networks.ts';
import { openBackbone } from '../../backbones/open-backbone.ts';
import { loadMaterial } from '../../datasets/material.ts';
import type { RunContext } from '../../runs/run-context.ts';
import { openCompute } from '../../runtime/compute.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { releasing } from '../../runtime/releasing.ts';
import type { TrainOutcome, TrainRequest } from '../../services.ts';
import { createStep } from '../create-step.ts';
import { encodeHoles, type HoleExample, type HoleWindow } from '../latent/good-examples.ts';
import { holeBatch } from '../latent/hole-batch.ts';
import { type Arrays, lastPhase, runPhase } from '../latent/updates.ts';
import { weightsFile } from '../seas/networks.ts';
import { EMBEDDING_PHASE, embeddingStep } from './embedding-step.ts';
import { anoGenPreset } from './preset.ts';
import { defectPrompts } from './prompts.ts';

/** No rotation or scale but flips in the release; ours turns windows as every method here does. */
const REAL_ONLY = { real: 1, pasted: 0, repair: 0, drawn: 0 };
/** Spread of several vectors that start at one word, relative to a row's own numbers of about 1. */
const START_JITTER = 1e-3;

export async function trainAnoGen(request: TrainRequest, context: RunContext): Promise<TrainOutcome> {
  const compute = openCompute(request.device, request.lowerings);
  try {
    return await trainOn(compute.options, request, context);
  } finally {
    await compute.close();
  }
}

async function trainOn(
  options: CompileOptions,
  request: TrainRequest,
  context: RunContext,
): Promise<TrainOutcome> {
  const { plan, seed } = request;
  const compile = { ...options, lanes: plan.lanes };
  const backbone = openBackbone(request.pack);
  const settings = anoGenSettings(ANOGEN_DEFAULTS[backbone.kind], request.settings);
  const preset = anoGenPreset(backbone.kind, request.preset, request.steps);
  const prompts = defectPrompts(backbone, request.types.length, settings);

  context.phase('prepare');
  const material = await loadMaterial(request.shots, request.normals, seed, context.signal);
  const { shots, shotForegrounds, white, kind } = material;
  const scale = chooseWorkingScale(shots, backbone.size);
  const pool = windowPool({ shots, goods: [], scale, shotForegrounds, white, mixture: REAL_ONLY });
  const windows: (HoleWindow & { readonly defect: Uint8Array })[] = [];
  for (let i = 0; i < preset.windows; i++) {
    context.signal.throwIfAborted();
    const rng = namedRng(seed, `defect window ${i}`);
    const drawn = drawWindow(pool, rng);
    const box = boxAround(drawn.mask, settings.boxMargin, rng);
    const prompt = rng.pick(prompts.training[request.types.indexOf(drawn.type)]);
    windows.push({ image: drawn.image, hole: box, mark: box, prompt, defect: drawn.mask.data });
    if ((i + 1) % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const autoencoder = backbone.autoencoderWeights();
  const examples = await releasing(async (hold) => {
    const rows = Math.min(8, preset.rows);
    const networks = hold(await LatentNetworks.create({ backbone, rows, autoencoder }, compile));
    const encoded: HoleExample[] = [];
    for (let at = 0; at < windows.length; at += 8) {
      context.signal.throwIfAborted();
      encoded.push(...(await encodeHoles(networks, windows.slice(at, at + 8))));
      context.progress(encoded.length, windows.length, 'drawing windows');
    }
    return encoded;
  });
  const regions = new Map(
    examples.map((example, i) => {
      const counted = settings.lossRegion === 'mask' ? windows[i].defect : example.hole;
      return [example, regionOf(backbone, counted)];
    }),
  );
  // A defect that lies between all taps of the latent grid has no region and teaches nothing.
  const usable = examples.filter((example) => regions.get(example)?.includes(1));
  if (usable.length < examples.length) {
    const lost = examples.length - usable.length;
    context.log('warn', `${lost} of ${examples.length} windows show a defect too small for the latent grid`);
  }

  const base = backbone.denoiserWeights();
  const rows = preset.rows / plan.parts;
  const { added, addedTokens } = prompts;
  const built = embeddingStep({ backbone, rows, added, addedTokens, settings });
  const { hiddenSize } = backbone.networks.text;
  const own: Arrays = {
    ...initialAdapters(built.adapters, (name) => namedRng(seed, `adapter/${name}`)),
    [TOKEN_ROWS]: startRows(base[TABLE], hiddenSize, prompts.starts, namedRng(seed, 'rows'), START_JITTER),
  };
  const before = own[TOKEN_ROWS].slice();
  const step = await createStep(built.step, own, {
    maxNorm: 1,
    compile,
    plan,
    rateGroup: (name) => (name === TOKEN_ROWS ? 'tokens' : 'networks'),
  });
  const batch = {
    rows,
    dropWords: settings.dropWords,
    unconditional: prompts.unconditional,
    region: (example: HoleExample) => regions.get(example) as Float32Array,
  };
  const curve = await (async () => {
    try {
      await step.hold(Object.fromEntries(built.frozen.map((name) => [name, sharedCopy(base[name])])));
      return await runPhase(
        step,
        own,
        {
          name: EMBEDDING_PHASE,
          steps: preset.steps,
          before: 0,
          seed,
          rate: (name) => (name === TOKEN_ROWS ? settings.tokenRate : settings.adapterRate),
          batches: (rng) => Array.from({ length: plan.parts }, () => holeBatch(backbone, usable, batch, rng)),
          kept: {},
        },
        context,
        await lastPhase(context),
      );
    } finally {
      await step.release();
    }
  })();
  const { adapterRank } = settings;
  const moved = own[TOKEN_ROWS].reduce((most, v, i) => Math.max(most, Math.abs(v - before[i])), 0);
  const summary: JsonObject = {
    steps: preset.steps,
    learned:
      adapterRank > 0
        ? `${settings.vectors} vectors per type and low-rank adapters of rank ${adapterRank}`
        : `${settings.vectors} vectors per type, all networks frozen`,
    adapterRank,
    lossCurve: curve.map((p) => ({ ...p })),
    lossFirst: curve[0]?.loss ?? null,
    lossLast: curve.at(-1)?.loss ?? null,
    largestRowChange: moved,
    windows: usable.length,
    windowPx: scale.windowPx,
    workingScale: scale.scale,
    productKind: kind,
    label: 'box',
    memoryPlan: planText(plan),
  };
  return {
    files: [{ name: 'embedding.safetensors', bytes: weightsFile(own) }],
    config: {
      method: 'anogen',
      types: request.types,
      windowPx: scale.windowPx,
      typicalPx: scale.typicalPx,
      kind,
      white,
      settings: { ...settings },
    },
    summary,
  };
}

function regionOf({ size, latentSize }: Backbone, mask: Uint8Array): Float32Array {
  return latentRegion({ data: Float32Array.from(mask), height: size, width: size }, latentSize, latentSize)
    .data;
}
