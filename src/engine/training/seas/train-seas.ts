// training.train for SeaS on a window pack: windows, fine-tune, held-out loss, mask network.

import { namedRng } from '../../../core/base/rng.ts';
import type { JsonObject } from '../../../core/domain/json.ts';
import { planText } from '../../../core/memory/plan.ts';
import { TOKEN_TABLE } from '../../../core/nets/clip-text-model.ts';
import type { WindowExample } from '../../../core/recipes/windows/window-example.ts';
import { drawWindow, windowPool } from '../../../core/recipes/windows/window-pair.ts';
import { chooseWorkingScale, type WorkingScale } from '../../../core/recipes/windows/working-scale.ts';
import { decodeShot, loadMaterial, type Material } from '../../datasets/material.ts';
import { openPack } from '../../packs/pack.ts';
import { verifyWeights } from '../../packs/verify-weights.ts';
import type { RunContext } from '../../runs/run-context.ts';
import { openCompute } from '../../runtime/compute.ts';
import type { CompileOptions } from '../../runtime/executable.ts';
import { releasing } from '../../runtime/releasing.ts';
import type { TrainOutcome, TrainRequest } from '../../services.ts';
import { WindowEncoder } from '../window-encoder.ts';
import { type DrawContext, drawExamples, encodeExamples } from './example-set.ts';
import { fineTune } from './fine-tune.ts';
import { HELD_OUT_WINDOWS, HeldOutLoss } from './held-out.ts';
import { trainMaskNetwork } from './mask-network.ts';
import { largestChange, networksOf, startWeights, weightsFile } from './networks.ts';
import { SEAS_PRESETS, withSteps } from './preset.ts';
import { productTokens } from './tokens.ts';

const TABLE = `text/${TOKEN_TABLE}`;
/** Held-out pictures looked at, per run. */
const MOST_HELD_OUT = 24;

/** Real windows of pictures that training never sees, one picture in memory at a time; empty where there are none. */
async function heldOutWindows(
  request: TrainRequest,
  material: Pick<Material, 'white'>,
  scale: WorkingScale,
): Promise<WindowExample[]> {
  const order = namedRng(request.seed, 'held out')
    .permutation(request.heldOut.length)
    .slice(0, MOST_HELD_OUT);
  const drawn: WindowExample[] = [];
  for (const [i, at] of order.entries()) {
    const shots = [await decodeShot(request.heldOut[at])];
    const mixture = { real: 1, pasted: 0, repair: 0, drawn: 0 };
    const pool = windowPool({
      shots,
      goods: [],
      scale,
      shotForegrounds: [null],
      white: material.white,
      mixture,
    });
    for (let k = i; k < HELD_OUT_WINDOWS; k += order.length) {
      drawn[k] = drawWindow(pool, namedRng(0, `held-out window ${k}`));
    }
  }
  return drawn;
}

export async function trainSeas(request: TrainRequest, context: RunContext): Promise<TrainOutcome> {
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
  const { plan } = request;
  const compile = { ...options, lanes: plan.lanes };
  const preset = { ...withSteps(SEAS_PRESETS[request.preset], request.steps), form: request.attention };
  const { adapterRank } = request;
  const pack = openPack(request.pack.path);
  const base = verifyWeights(pack, pack.weights());
  const product = productTokens(pack, request.types.length);
  const networks = networksOf(pack, product);

  context.phase('prepare');
  const material = await loadMaterial(request.shots, request.normals, request.seed, context.signal);
  const scale = chooseWorkingScale(material.shots, pack.workingSize);
  const { shots, goods, shotForegrounds, white } = material;
  const pool = windowPool({ shots, goods, scale, shotForegrounds, white });
  const { examples, heldDrawn, heldEncoded } = await releasing(async (hold) => {
    const draw: DrawContext = {
      pack,
      encoder: hold(await WindowEncoder.create(base.autoencoder, compile)),
      product,
      types: request.types,
      signal: context.signal,
      onProgress: (done, total) => context.progress(done, total, 'drawing windows'),
    };
    const examples = await drawExamples(draw, pool, request.seed, preset);
    const heldDrawn = await heldOutWindows(request, material, scale);
    return { examples, heldDrawn, heldEncoded: await encodeExamples(draw, heldDrawn) };
  });

  const weights = startWeights(pack, base, product);
  const untouched = Object.fromEntries(Object.entries(weights).map(([n, w]) => [n, w.slice()]));
  const heldOutLoss = async () => {
    if (heldEncoded.length === 0) return null;
    const create = () => HeldOutLoss.create(networks, heldEncoded, compile);
    return releasing(async (hold) => hold(await create()).measure(weights));
  };
  const before = await heldOutLoss();
  const { curve, steps, adapters } = await fineTune(
    {
      networks,
      weights,
      product,
      examples,
      preset,
      seed: request.seed,
      adapterRank,
      plan,
      compile,
      preview: { pack, autoencoder: base.autoencoder, types: request.types },
    },
    context,
  );
  const after = await heldOutLoss();

  const trainMasks = () =>
    trainMaskNetwork(
      {
        pack,
        base,
        networks,
        weights,
        product,
        examples,
        // Ended early: the mask network is trained in proportion.
        steps: Math.max(1, Math.round((preset.maskSteps * steps) / preset.steps)),
        seed: request.seed,
        compile,
        heldDrawn,
        types: request.types,
      },
      context,
    );
  const masks = request.maskNetwork === false ? null : await trainMasks();
  const summary: JsonObject = {
    steps,
    plannedSteps: preset.steps,
    adapterRank,
    lossCurve: curve.map((p) => ({ ...p })),
    heldOutLossBefore: before,
    heldOutLossAfter: after,
    heldOutLossFall: before !== null && after !== null ? 1 - after / before : null,
    heldOutPictures: Math.min(request.heldOut.length, MOST_HELD_OUT),
    largestWeightChange: largestChange(untouched, weights),
    maskNetwork: masks?.summary ?? null,
    windowPx: scale.windowPx,
    workingScale: scale.scale,
    workingScaleReason: scale.reason,
    productKind: material.kind,
    attentionForm: preset.form,
    memoryPlan: planText(plan),
  };
  return {
    files: [
      adapters
        ? {
            name: 'adapters.safetensors',
            bytes: weightsFile({ ...adapters, [TABLE]: weights[TABLE] }),
          }
        : { name: 'weights.safetensors', bytes: weightsFile(weights) },
      ...(masks === null ? [] : [{ name: 'rmp.safetensors', bytes: weightsFile(masks.weights) }]),
    ],
    config: {
      types: request.types,
      windowPx: scale.windowPx,
      typicalPx: scale.typicalPx,
      kind: material.kind,
      adapterRank,
      white: material.white,
    },
    summary,
  };
}
