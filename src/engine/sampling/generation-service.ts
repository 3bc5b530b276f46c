// generation.generate: one generator by name.

import { isPicturePack } from '../backbones/open-backbone.ts';
import { openCompute } from '../runtime/compute.ts';
import type { GenerateService } from '../services.ts';
import { generateAnoGen } from './anogen.ts';
import { generatePaste } from './paste.ts';
import { generateSeasPicture } from './seas-picture.ts';
import { generateWhole } from './whole-windows.ts';
import { generateWindows } from './windows.ts';

/** Whole windows of a window pack, or whole pictures of Stable Diffusion. */
const generateSeas: typeof generateWhole = (request, ...rest) =>
  isPicturePack(request.pack) ? generateSeasPicture(request, ...rest) : generateWhole(request, ...rest);

const GENERATORS = {
  windows: generateWindows,
  blend: generateWindows,
  paste: generatePaste,
  seas: generateSeas,
  normal: generateSeas,
  anogen: generateAnoGen,
} as const;

export const generationService: GenerateService = {
  async *generate(request, context) {
    const compute = openCompute(request.device);
    try {
      yield* GENERATORS[request.generator](request, context, compute.options);
    } finally {
      await compute.close();
    }
  },
};
