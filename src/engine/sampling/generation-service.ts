// generation.generate: one generator by name.

import { openCompute } from '../runtime/compute.ts';
import type { GenerateService } from '../services.ts';
import { generateAnoGen } from './anogen.ts';
import { generatePaste } from './paste.ts';
import { generateWhole } from './whole-windows.ts';
import { generateWindows } from './windows.ts';

const GENERATORS = {
  windows: generateWindows,
  blend: generateWindows,
  paste: generatePaste,
  seas: generateWhole,
  normal: generateWhole,
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
