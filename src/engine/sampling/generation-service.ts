// generation.generate: one generator by name.

import type { GenerateService } from '../services.ts';
import { generatePaste } from './paste.ts';
import { generateWhole } from './whole-windows.ts';
import { generateWindows } from './windows.ts';

const GENERATORS = {
  windows: generateWindows,
  blend: generateWindows,
  paste: generatePaste,
  seas: generateWhole,
  normal: generateWhole,
} as const;

export const generationService: GenerateService = {
  generate: (request, context) => GENERATORS[request.generator](request, context),
};
