// Opens the base model of a run, whichever kind it is.

import { openPack } from '../packs/pack.ts';
import { openSdPack } from '../packs/sd-pack.ts';
import type { PackInfo } from '../services.ts';
import type { Backbone } from './backbone.ts';
import { pictureBackbone } from './picture-backbone.ts';
import { windowBackbone } from './window-backbone.ts';

/** Whether products are fine-tuned on it as whole pictures: a Stable Diffusion model. */
export const isPicturePack = (pack: PackInfo): boolean => pack.what !== undefined;

export function openBackbone(pack: PackInfo): Backbone {
  if (!isPicturePack(pack)) return windowBackbone(openPack(pack.path));
  const { with: companion = null, variant = null } = pack.reading ?? {};
  return pictureBackbone(openSdPack({ path: pack.path, with: companion, variant }));
}
