// The areas parity can check. An area is one file here and one line below.

import type { CheckResult } from '../check.ts';
import * as formats from './formats.ts';
import * as forward from './forward.ts';
import * as gradients from './gradients.ts';
import * as metrics from './metrics.ts';
import * as ops from './ops.ts';
import * as samplers from './samplers.ts';
import * as samplersUnet from './samplers-unet.ts';
import * as tokenizer from './tokenizer.ts';

/** Finds its checks in the folder and yields one result per check, under the area names it reports. */
export interface Area {
  /** The first word of every check it reports. */
  readonly AREA: string;
  run(dir: string): AsyncIterable<CheckResult>;
}

export const AREAS: readonly Area[] = [
  ops,
  metrics,
  formats,
  tokenizer,
  samplers,
  samplersUnet,
  forward,
  gradients,
];

/** What must have been checked: an area named here that reports nothing counts as failed. */
export const REQUIRED_AREAS: readonly string[] = [
  'ops',
  'metrics',
  'formats',
  'forward',
  'gradients',
  'tokenizer',
  'samplers',
];
