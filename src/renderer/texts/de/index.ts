// German.

import type { Texts } from '../index.ts';
import { app } from './app.ts';
import { common } from './common.ts';
import { exportTexts } from './export.ts';
import { fineTune } from './fine-tune.ts';
import { generate } from './generate.ts';
import { label } from './label.ts';
import { packs } from './packs.ts';
import { painter } from './painter.ts';
import { pictures } from './pictures.ts';
import { prove } from './prove.ts';
import { review } from './review.ts';
import { start } from './start.ts';

export const de: Texts = {
  app,
  common,
  start,
  packs,
  painter,
  pictures,
  label,
  'fine-tune': fineTune,
  generate,
  review,
  prove,
  export: exportTexts,
};
