// A Stable Diffusion 1.x model in one original-layout (LDM) .safetensors file.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { ldmSchedulerConfig } from '../../core/diffusion/ldm-schedule.ts';
import { ldmTextNames, ldmUnetName, ldmVaeName } from '../../core/formats/ldm-names.ts';
import { KIND_TITLES, type ModelKind, modelKind } from '../../core/formats/model-kind.ts';
import { isFloatDtype } from '../../core/formats/safetensors-data.ts';
import { parseAutoencoderConfig } from '../../core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../core/nets/clip-text-model.ts';
import {
  type DerivedConfig,
  ldmTextConfig,
  ldmUnetConfig,
  ldmVaeConfig,
  type ShapeOf,
} from '../../core/nets/ldm-config.ts';
import { autoencoderTable, textTable, unetTable } from '../../core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { parseUnetConfig, type UnetConfig } from '../../core/nets/unet-2d-condition.ts';
import { readPackJson } from './pack-files.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors-file.ts';
import { folderWith, type NetworkFolder, readScheduler } from './sd-folder.ts';
import { withinReason } from './sd-limits.ts';
import type { SdLocation, SdNetwork, SdParts } from './sd-pack.ts';
import { findTokenizer } from './tokenizer-folder.ts';
import { refuseForeignFile } from './untrusted-file.ts';
import { type WeightSource, weightSource } from './weight-source.ts';

/** What to do with files that are no base model. */
const HINTS: Readonly<Partial<Record<ModelKind, string>>> = {
  lora: 'A LoRA goes on a base model: flawsmith packs sample PACK --lora FILE.',
  embedding: 'An embedding goes on a base model: flawsmith packs sample PACK --embedding FILE.',
  unet: 'Put it into a diffusers folder as unet/diffusion_pytorch_model.safetensors, with its config.json.',
  vae: 'Put it into a diffusers folder as vae/diffusion_pytorch_model.safetensors, with its config.json.',
  'text-encoder': 'Put it into a diffusers folder as text_encoder/model.safetensors, with its config.json.',
};

function refuseOtherKinds(file: SafetensorsFile): void {
  const kind = modelKind(file.names);
  if (kind === 'sd1-checkpoint') return;
  throw new AppError('unsupported', `this is ${KIND_TITLES[kind]}, not Stable Diffusion 1.x`, {
    file: file.path,
    hint: HINTS[kind] ?? 'Use a Stable Diffusion 1.x checkpoint or diffusers folder.',
  });
}

/** The configuration: the companion folder's where there is one, else what the shapes say. */
function configOf(derived: DerivedConfig, root: string | null, part: NetworkFolder) {
  const from = root === null ? null : join(root, part, 'config.json');
  if (root === null || from === null || !existsSync(from)) return { ...derived, file: null };
  return { json: readPackJson(root, `${part}/config.json`), assumed: [], file: from };
}

const upLayout = (config: UnetConfig) => ({
  layersPerBlock: config.layersPerBlock,
  upAttention: config.upBlockTypes.map((type) => type === 'CrossAttnUpBlock2D'),
});

/** betas, or what alphas_cumprod implies; null where the file holds neither. */
function readBetas(file: SafetensorsFile): number[] | null {
  const isList = (name: string) => file.has(name) && isFloatDtype(file.info(name).dtype);
  if (isList('betas')) return [...file.float64('betas')];
  if (!isList('alphas_cumprod')) return null;
  const abar = [...file.float64('alphas_cumprod')];
  return abar.map((value, i) => 1 - value / (i === 0 ? 1 : abar[i - 1]));
}

/** Marks that training tools leave in files whose U-Net predicts v instead of the noise. */
function predictionOf(file: SafetensorsFile): { predictionType: string; zeroSnr: boolean } {
  const said = file.metadata.get('modelspec.prediction_type') ?? '';
  const isV = file.has('v_pred') || said === 'v' || said === 'v_prediction';
  return { predictionType: isV ? 'v_prediction' : 'epsilon', zeroSnr: file.has('ztsnr') };
}

export function readSdFile(location: SdLocation): SdParts {
  const { path, with: companion = null } = location;
  refuseForeignFile(path);
  const file = openSafetensors(path);
  try {
    refuseOtherKinds(file);
    return partsOf(file, companion);
  } finally {
    file.close();
  }
}

function partsOf(file: SafetensorsFile, companion: string | null): SdParts {
  const { path } = file;
  const shape: ShapeOf = (name) => (file.has(name) ? file.info(name).shape : undefined);
  const textName = (name: string) => ldmTextNames(name).find((stored) => file.has(stored));
  const textShape: ShapeOf = (name) => shape(textName(name) ?? '');

  const unetJson = configOf(ldmUnetConfig(shape), folderWith('unet', [companion]), 'unet');
  const vaeJson = configOf(ldmVaeConfig(shape), folderWith('vae', [companion]), 'vae');
  const textJson = configOf(
    ldmTextConfig(textShape),
    folderWith('text_encoder', [companion]),
    'text_encoder',
  );
  const checked = <C extends object>(
    parse: (json: unknown, file: string) => C,
    { json, file: from }: ReturnType<typeof configOf>,
  ): C => withinReason(parse(json, from ?? path), from ?? path);
  const unetConfig = checked(parseUnetConfig, unetJson);
  const vaeConfig = checked(parseAutoencoderConfig, vaeJson);
  const textConfig = checked(parseClipTextConfig, textJson);

  const network = <C>(
    config: C,
    json: Readonly<Record<string, unknown>>,
    table: ParameterTable,
    storedName: (name: string) => string | undefined,
  ): SdNetwork<C> => ({
    config,
    json,
    table,
    files: [path],
    variant: null,
    open: () => openNames(path, table, storedName),
  });
  const schedulerRoot = folderWith('scheduler', [companion]);
  const betas = readBetas(file);
  const scheduler = schedulerRoot
    ? readScheduler(schedulerRoot)
    : { json: ldmSchedulerConfig(betas, predictionOf(file)), file: null };
  const known = /^(model\.diffusion_model|first_stage_model|cond_stage_model\.transformer)\./;
  const others = file.names.filter((name) => !known.test(name)).map((name) => name.split('.')[0]);
  const files = [unetJson.file, vaeJson.file, textJson.file, scheduler.file];
  return {
    layout: 'single-file',
    unet: network(unetConfig, unetJson.json, unetTable(unetConfig), (name) =>
      ldmUnetName(name, upLayout(unetConfig)),
    ),
    autoencoder: network(vaeConfig, vaeJson.json, autoencoderTable(vaeConfig), (name) =>
      ldmVaeName(name, vaeConfig.blockOutChannels.length),
    ),
    text: network(textConfig, textJson.json, textTable(textConfig), textName),
    scheduler: scheduler.json,
    tokenizer: findTokenizer(folderWith('tokenizer', [companion]), textConfig),
    assumed: [
      ...unetJson.assumed,
      ...vaeJson.assumed,
      ...textJson.assumed,
      ...(betas || schedulerRoot ? [] : ['scheduler: the schedule of Stable Diffusion 1.x']),
    ],
    unused: [...new Set(others)].filter((name) => !['betas', 'alphas_cumprod'].includes(name)),
    configFiles: files.filter((name) => name !== null),
  };
}

/** The weights of one network inside the file. */
function openNames(
  path: string,
  table: ParameterTable,
  storedName: (name: string) => string | undefined,
): WeightSource {
  const file = openSafetensors(path);
  const entries = new Map<string, { file: SafetensorsFile; name: string }>();
  for (const name of table.keys()) {
    const stored = storedName(name);
    if (stored !== undefined && file.has(stored)) entries.set(name, { file, name: stored });
  }
  return weightSource([file], entries);
}
