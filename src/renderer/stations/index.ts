// The seven stations in the order of the work.

import { station as exportStation } from './export/station.ts';
import { station as fineTuneStation } from './fine-tune/station.ts';
import { station as generateStation } from './generate/station.ts';
import { station as labelStation } from './label/station.ts';
import { station as picturesStation } from './pictures/station.ts';
import { station as proveStation } from './prove/station.ts';
import { station as reviewStation } from './review/station.ts';
import type { Station } from './station.ts';

export const STATIONS: readonly Station[] = [
  picturesStation,
  labelStation,
  fineTuneStation,
  generateStation,
  reviewStation,
  proveStation,
  exportStation,
];
