// A LoRA file of either dialect, checked against a pack and added to its weights.

import { AppError } from '../../core/base/errors.ts';
import { LDM_PREFIX, ldmUnetName } from '../../core/formats/ldm-names.ts';
import { type LoraModule, type LoraNames, readLoraNames } from '../../core/formats/lora-names.ts';
import { addLowRank, type LowRank } from '../../core/formats/lora-tensors.ts';
import { KIND_TITLES, modelKind } from '../../core/formats/model-kind.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import type { UnetConfig } from '../../core/nets/unet-2d-condition.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { openSafetensors, type SafetensorsFile } from '../packs/safetensors-file.ts';
import { refuseForeignFile } from '../packs/untrusted-file.ts';
import { loraAlphas } from './lora-metadata.ts';

/** The networks a LoRA may go on. */
export interface LoraBase {
  readonly unet: { readonly config: UnetConfig; readonly table: ParameterTable };
  readonly text: { readonly table: ParameterTable };
}

export interface ReadLora {
  readonly path: string;
  readonly dialect: LoraNames['dialect'];
  readonly modules: readonly LowRank[];
}

const FOREIGN_FORMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\.hada_w|\.hada_t/, 'LoHa'],
  [/\.lokr_/, 'LoKr'],
  [/\.lora_mid\./, 'LoCon with a middle factor (Tucker)'],
  [/dora_scale|lora_magnitude_vector/, 'DoRA'],
];

function refuse(path: string, reason: string, hint: string): never {
  throw new AppError('unsupported', reason, { file: path, hint });
}

const modulesOf = (table: ParameterTable): string[] =>
  [...table]
    .filter(([name, { shape }]) => name.endsWith('.weight') && shape.length >= 2)
    .map(([name]) => name.slice(0, -'.weight'.length));

/** The same module under its original-layout name, as some tools write it. */
function unetAliases(config: UnetConfig): (module: string) => string[] {
  const layout = {
    layersPerBlock: config.layersPerBlock,
    upAttention: config.upBlockTypes.map((type) => type === 'CrossAttnUpBlock2D'),
  };
  const leaf = '.weight';
  return (module) => [ldmUnetName(module + leaf, layout).slice(LDM_PREFIX.unet.length, -leaf.length)];
}

function readModule(
  file: SafetensorsFile,
  { network, module, up, down, alpha }: LoraModule,
  base: LoraBase,
  alphas: ReturnType<typeof loraAlphas>,
): LowRank {
  const shape = base[network].table.get(`${module}.weight`)?.shape ?? [];
  const [rank] = file.info(down).shape;
  const upShape = file.info(up).shape;
  const fits =
    upShape[0] === shape[0] &&
    rank > 0 &&
    file.info(up).elements === shape[0] * rank &&
    file.info(down).elements === rank * sizeOf(shape.slice(1));
  if (!fits) {
    const found = `[${upShape.join(', ')}] x [${file.info(down).shape.join(', ')}]`;
    throw new AppError(
      'bad-weights',
      `the LoRA does not fit this pack: ${module} is ${found} on [${shape.join(', ')}]`,
      {
        file: file.path,
        hint: 'It was trained on another base model.',
      },
    );
  }
  const finite = { finite: true };
  const [said] = alpha === null ? [] : file.float32(alpha, finite);
  return {
    network,
    module,
    shape,
    rank,
    up: file.float32(up, finite),
    down: file.float32(down, finite),
    alpha: said ?? alphas(network, module) ?? rank,
  };
}

/** Reads a LoRA and checks every module against the pack. Throws with the reason where it is another form or model. */
export function readLora(path: string, base: LoraBase): ReadLora {
  refuseForeignFile(path);
  const file = openSafetensors(path);
  try {
    const form = FOREIGN_FORMS.find(([pattern]) => file.names.some((name) => pattern.test(name)));
    if (form) refuse(path, `this is a ${form[1]}, which is not supported`, 'Convert it to a plain LoRA.');
    const kind = modelKind(file.names);
    if (kind !== 'lora') refuse(path, `this is ${KIND_TITLES[kind]}, not a LoRA`, 'Choose a LoRA file.');
    const { modules, dialect, unknown } = readLoraNames(file.names, [
      { network: 'unet', modules: modulesOf(base.unet.table), aliases: unetAliases(base.unet.config) },
      { network: 'text', modules: modulesOf(base.text.table) },
    ]);
    if (modules.length === 0)
      refuse(path, 'the LoRA is for another kind of model', `It holds for example ${unknown[0]}.`);
    if (unknown.length > 0) {
      const what = `${unknown.length} of the LoRA's tensors belong to nothing in this pack, for example ${unknown[0]}`;
      refuse(path, what, 'It was trained on another model, or is of a form that is not supported.');
    }
    const alphas = loraAlphas(file.metadata, path);
    return { path, dialect, modules: modules.map((module) => readModule(file, module, base, alphas)) };
  } finally {
    file.close();
  }
}

/** Adds a LoRA to the weights of one network, in place. */
export function applyLora(
  weights: Record<string, Float32Array>,
  { modules }: ReadLora,
  network: LowRank['network'],
  scale: number,
): void {
  for (const module of modules) {
    if (module.network === network) addLowRank(weights[`${module.module}.weight`], module, scale);
  }
}
