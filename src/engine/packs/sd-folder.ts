// A Stable Diffusion 1.x model in diffusers layout: unet, vae, text_encoder, tokenizer, scheduler.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { ConfigJson } from '../../core/diffusion/config-reader.ts';
import { ldmSchedulerConfig } from '../../core/diffusion/ldm-schedule.ts';
import { parseSchedulerJson } from '../../core/diffusion/scheduler.ts';
import { parseAutoencoderConfig } from '../../core/nets/autoencoder-kl.ts';
import { parseClipTextConfig } from '../../core/nets/clip-text-model.ts';
import { autoencoderWeightName, textWeightName } from '../../core/nets/legacy-names.ts';
import { autoencoderTable, textTable, unetTable } from '../../core/nets/parameter-tables.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';
import { parseUnetConfig } from '../../core/nets/unet-2d-condition.ts';
import { readPackJson } from './pack-files.ts';
import { findPartFiles, openPart } from './part-files.ts';
import { refuseOtherFolders } from './pipeline-index.ts';
import { withinReason } from './sd-limits.ts';
import type { SdLocation, SdNetwork, SdParts } from './sd-pack.ts';
import { findTokenizer } from './tokenizer-folder.ts';

export const NETWORK_FOLDERS = ['unet', 'vae', 'text_encoder'] as const;
export type NetworkFolder = (typeof NETWORK_FOLDERS)[number];

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The first of the given folders that has this sub-folder. */
export function folderWith(part: string, folders: readonly (string | null | undefined)[]): string | null {
  return folders.find((folder) => folder && isFolder(join(folder, part))) ?? null;
}

/** One network of a diffusers folder. */
export function folderNetwork<C extends object>(
  root: string,
  part: NetworkFolder,
  variant: string | null,
  parse: (json: unknown, file: string) => C,
  tableOf: (config: C) => ParameterTable,
  rename?: (stored: string) => string | null,
): SdNetwork<C> {
  const file = join(root, part, 'config.json');
  const json = readPackJson(root, `${part}/config.json`);
  const config = withinReason(parse(json, file), file);
  const found = findPartFiles(join(root, part), variant);
  return {
    config,
    json,
    table: tableOf(config),
    files: found.files,
    variant: found.variant,
    open: () => openPart(found, rename),
  };
}

/**
 * The scheduler's configuration as Stable Diffusion pipelines use it: latents are not clipped, and "leading"
 * timesteps start at 1 (diffusers sets both for old files that say otherwise).
 */
export function readScheduler(root: string | null): { json: ConfigJson; file: string | null } {
  if (root === null) return { json: ldmSchedulerConfig(null), file: null };
  const file = join(root, 'scheduler', 'scheduler_config.json');
  if (!existsSync(file)) {
    throw new AppError('bad-pack', 'the pack has no scheduler/scheduler_config.json', { file });
  }
  const json = parseSchedulerJson(readFileSync(file, 'utf8'), file);
  return { json: { ...json, clip_sample: false, steps_offset: 1 }, file };
}

export function readSdFolder(location: SdLocation): SdParts {
  const { path, with: companion, variant = null } = location;
  refuseOtherFolders(path);
  const roots = NETWORK_FOLDERS.map((part) => folderWith(part, [path, companion]));
  const missing = NETWORK_FOLDERS.filter((_, i) => roots[i] === null);
  if (missing.length > 0) {
    const there = NETWORK_FOLDERS.filter((_, i) => roots[i] === path);
    const what = there.length > 0 ? `holds only ${there.join(', ')}` : 'is no Stable Diffusion folder';
    throw new AppError('bad-pack', `the folder ${what}; it lacks ${missing.join(', ')}`, {
      file: path,
      hint: 'Choose the folder that holds unet, vae and text_encoder, or give the rest with --with FOLDER.',
    });
  }
  const [unetRoot, vaeRoot, textRoot] = roots as string[];
  const schedulerRoot = folderWith('scheduler', [path, companion]);
  const scheduler = readScheduler(schedulerRoot);
  const parts = {
    unet: folderNetwork(unetRoot, 'unet', variant, parseUnetConfig, unetTable),
    autoencoder: folderNetwork(
      vaeRoot,
      'vae',
      variant,
      parseAutoencoderConfig,
      autoencoderTable,
      autoencoderWeightName,
    ),
    text: folderNetwork(
      textRoot,
      'text_encoder',
      variant,
      parseClipTextConfig,
      (config) => textTable(config),
      textWeightName,
    ),
  };
  const configs = roots.map((root, i) => join(root as string, NETWORK_FOLDERS[i], 'config.json'));
  const index = join(path, 'model_index.json');
  return {
    layout: 'folder',
    ...parts,
    scheduler: scheduler.json,
    tokenizer: findTokenizer(folderWith('tokenizer', [path, companion]), parts.text.config),
    assumed: schedulerRoot === null ? ['scheduler: the schedule of Stable Diffusion 1.x'] : [],
    unused: ['safety_checker', 'feature_extractor', 'image_encoder'].filter((p) => isFolder(join(path, p))),
    configFiles: [
      ...(existsSync(index) ? [index] : []),
      ...configs,
      ...(scheduler.file ? [scheduler.file] : []),
    ],
  };
}
