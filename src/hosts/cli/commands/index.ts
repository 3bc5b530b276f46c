// All commands, in the order of the work.

import type { Command } from '../command.ts';
import { audit } from './audit.ts';
import { backup } from './backup.ts';
import { demo } from './demo.ts';
import { detectors } from './detectors.ts';
import { devices } from './devices.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { generate } from './generate.ts';
import { importCommand } from './import.ts';
import { info } from './info.ts';
import { init } from './init.ts';
import { inspect } from './inspect.ts';
import { packs } from './packs.ts';
import { proveCommand } from './prove.ts';
import { recreate } from './recreate.ts';
import { restore } from './restore.ts';
import { review } from './review.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';
import { weights } from './weights.ts';

export const COMMANDS: readonly Command[] = [
  demo,
  init,
  importCommand,
  train,
  generate,
  recreate,
  review,
  proveCommand,
  detectors,
  inspect,
  exportCommand,
  verify,
  info,
  packs,
  weights,
  devices,
  doctor,
  backup,
  restore,
  audit,
];
