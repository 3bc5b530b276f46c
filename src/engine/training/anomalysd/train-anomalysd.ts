// training.train for AnomalySD: inpainting denoiser, decoder, prototypes, from one to eight good pictures.

import type { JsonObject } from '../../../core/domain/json.ts';
import { planText } from '../../../core/memory/plan.ts';
import { ANOMALYSD_DEFAULTS, anomalySdSettings } from '../../../core/recipes/anomalysd/settings.ts';
import { windowSide } from '../../../core/recipes/anomalysd/windows.ts';
import { LatentNetworks } from '../../backbones/latent-networks.ts';
import { openBackbone } from '../../backbones/open-backbone.ts';
import { PatchNetworks } from '../../inspect/patch-networks.ts';
import type { RunContext } from '../../runs/run-context.ts';
import { openCompute } from '../../runtime/compute.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { releasing } from '../../runtime/releasing.ts';
import type { TrainOutcome, TrainRequest } from '../../services.ts';
import { encodeHoles, type HoleWindow } from '../latent/good-examples.ts';
import { lastPhase } from '../latent/updates.ts';
import { weightsFile } from '../seas/networks.ts';
import { drawTrainingWindow, openGoodPictures } from './good-pictures.ts';
import { anomalySdPreset } from './preset.ts';
import { classPrompts } from './prompts.ts';
import { buildPrototypes, type Prototypes } from './prototypes.ts';
import { tuneDecoder } from './tune-decoder.ts';
import { tuneDenoiser } from './tune-denoiser.ts';

export async function trainAnomalySd(request: TrainRequest, context: RunContext): Promise<TrainOutcome> {
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
  const { plan, seed, adapterRank } = request;
  const compile = { ...options, lanes: plan.lanes };
  const backbone = openBackbone(request.pack);
  const settings = anomalySdSettings(ANOMALYSD_DEFAULTS[backbone.kind], request.settings);
  const preset = anomalySdPreset(backbone.kind, request.preset, request.steps);
  const prompts = classPrompts(backbone, request.product, settings);
  const autoencoder = backbone.autoencoderWeights();

  context.phase('prepare');
  const { sources, kind, white } = await openGoodPictures(request.shots, context.signal);
  const windowPx =
    settings.windowPx ||
    windowSide(
      sources.map((s) => s.raster),
      backbone.size,
    );
  const draw = { sources, windowPx, size: backbone.size, settings, levels: prompts.levels, seed };
  const drawn: HoleWindow[] = [];
  const examples = await releasing(async (hold) => {
    const networks = hold(
      await LatentNetworks.create({ backbone, rows: Math.min(8, preset.rows), autoencoder }, compile),
    );
    const encoded = [];
    for (let i = 0; i < preset.windows; i++) {
      context.signal.throwIfAborted();
      drawn.push(drawTrainingWindow(draw, i));
      if (drawn.length % 8 !== 0 && drawn.length < preset.windows) continue;
      encoded.push(...(await encodeHoles(networks, drawn.slice(encoded.length))));
      context.progress(encoded.length, preset.windows, 'drawing windows');
    }
    return encoded;
  });

  const resumed = await lastPhase(context);
  const denoiser = await tuneDenoiser(
    { backbone, prompts, settings, preset, examples, seed, adapterRank, plan, compile },
    context,
    resumed,
  );
  const decoder = await tuneDecoder(
    { backbone, autoencoder, settings, preset, drawn, examples, seed, plan, compile, kept: denoiser.trained },
    context,
    resumed,
  );
  context.phase('prototypes');
  const prototypes = await releasing(async (hold) => {
    const patches = hold(new PatchNetworks(backbone, autoencoder, Math.min(8, preset.rows), compile));
    const input = { sources, windowPx, size: backbone.size, settings, seed, signal: context.signal };
    return { ...(await buildPrototypes(patches, input)), width: patches.width };
  });
  const summary: JsonObject = {
    steps: preset.steps,
    decoderSteps: preset.decoderSteps,
    adapterRank,
    goodPictures: sources.length,
    prompts: [...prompts.texts],
    lossCurve: denoiser.curve.map((p) => ({ ...p })),
    decoderLossCurve: decoder.curve.map((p) => ({ ...p })),
    denoiserLossFirst: denoiser.curve[0]?.loss ?? null,
    denoiserLossLast: denoiser.curve.at(-1)?.loss ?? null,
    decoderLossFirst: decoder.curve[0]?.loss ?? null,
    decoderLossLast: decoder.curve.at(-1)?.loss ?? null,
    prototypes: prototypes.bank.length / prototypes.width,
    prototypeThreshold: prototypes.threshold,
    features: `${backbone.featureName} in place of AlexNet and WideResNet-50`,
    difference: settings.difference,
    windowPx,
    productKind: kind,
    memoryPlan: planText(plan),
  };
  return {
    files: [
      { name: 'denoiser.safetensors', bytes: weightsFile(denoiser.trained) },
      { name: 'decoder.safetensors', bytes: weightsFile(decoder.trained) },
      { name: 'prototypes.safetensors', bytes: weightsFile(prototypeArrays(prototypes)) },
    ],
    config: {
      method: 'anomalysd',
      product: request.product,
      adapterRank,
      windowPx,
      kind,
      white,
      prototypeThreshold: prototypes.threshold,
      settings: { ...settings },
      seed,
    },
    summary,
  };
}

function prototypeArrays({ bank, variances }: Prototypes): Record<string, Float32Array> {
  const named = variances.map((v, i): [string, Float32Array] => [`variance.${i}`, v]);
  return { bank, ...Object.fromEntries(named) };
}
