// A Stable Diffusion 1.x model opened where it lies: configurations, tokenizer, and lazy weights of each network.

import { statSync } from 'node:fs';
import { AppError } from '../../core/base/errors.ts';
import type { ConfigJson } from '../../core/diffusion/config-reader.ts';
import type { AutoencoderConfig } from '../../core/nets/autoencoder-kl.ts';
import type { ClipTextConfig } from '../../core/nets/clip-text-model.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import type { UnetConfig } from '../../core/nets/unet-2d-condition.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';
import { checkFamily, type SdKind } from './sd-family.ts';
import { readSdFile } from './sd-file.ts';
import { readSdFolder } from './sd-folder.ts';
import { checkWeights, type WeightSource } from './weight-source.ts';

/** Where a pack lies and how it is read. */
export interface SdLocation {
  readonly path: string;
  /** A diffusers folder that gives what `path` lacks (configurations, tokenizer, other networks). */
  readonly with?: string | null;
  /** Which of several precisions of the weights, `fp16` for instance; full precision first where not said. */
  readonly variant?: string | null;
}

/** One network: what it is, which weights it needs, and where they come from. */
export interface SdNetwork<Config> {
  readonly config: Config;
  /** As config.json says it, for writing the network out again. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly table: ParameterTable;
  readonly files: readonly string[];
  readonly variant: string | null;
  /** Headers only; the caller closes it. */
  open(): WeightSource;
}

/** What the two layouts (folder, single file) are read into. */
export interface SdParts {
  readonly layout: 'folder' | 'single-file';
  readonly unet: SdNetwork<UnetConfig>;
  readonly autoencoder: SdNetwork<AutoencoderConfig>;
  readonly text: SdNetwork<ClipTextConfig>;
  /** scheduler_config.json, made fit for latents. */
  readonly scheduler: ConfigJson;
  /** Where the tokenizer comes from, or null where nothing gives one. */
  readonly tokenizer: {
    readonly origin: string;
    readonly files: readonly string[];
    load(): Tokenizer;
  } | null;
  /** What no file tells and was assumed; sampling would be wrong if it is. */
  readonly assumed: readonly string[];
  /** What is there and not used. */
  readonly unused: readonly string[];
  /** Configuration files that were read. */
  readonly configFiles: readonly string[];
}

export interface SdPack extends SdParts {
  readonly path: string;
  readonly kind: SdKind;
  /** Side of the pictures it was trained on, px. */
  readonly workingSize: number;
  /** Every file the pack is read from, absolute, each once. */
  readonly files: readonly string[];
}

/** Picture pixels per latent pixel. */
export function latentFactor(config: AutoencoderConfig): number {
  return 2 ** (config.blockOutChannels.length - 1);
}

/**
 * Opens a model: reads configurations and headers, checks that every weight is there, reads no weights.
 * @throws AppError not-found, unsupported (another kind of model, a pickle), bad-pack or bad-weights, each with its file
 */
export function openSdPack(location: SdLocation): SdPack {
  const { path } = location;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new AppError('not-found', 'there is no such pack', { file: path });
  const parts = found.isDirectory() ? readSdFolder(location) : readSdFile(location);
  const kind = checkFamily(parts, path);
  for (const part of ['unet', 'autoencoder', 'text'] as const) {
    const source = parts[part].open();
    try {
      checkWeights(source, parts[part].table, part);
    } finally {
      source.close();
    }
  }
  const { unet, autoencoder, text, tokenizer, configFiles } = parts;
  const files = [
    ...unet.files,
    ...autoencoder.files,
    ...text.files,
    ...configFiles,
    ...(tokenizer?.files ?? []),
  ];
  return {
    ...parts,
    path,
    kind,
    workingSize: (unet.config.sampleSize ?? 64) * latentFactor(autoencoder.config),
    files: [...new Set(files)],
  };
}

/** The tokenizer, or an error that says where one can come from. */
export function tokenizerOf(pack: SdPack): Tokenizer {
  if (pack.tokenizer) return pack.tokenizer.load();
  throw new AppError('bad-pack', 'this model brings no tokenizer, so no prompt can be read', {
    file: pack.path,
    hint: 'Add it again with --with FOLDER, a diffusers folder of the same model that has a tokenizer.',
  });
}
