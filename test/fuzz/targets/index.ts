// Everything that is fuzzed. A target is one file here and one line below.

import type { FuzzTarget } from '../target.ts';
import { annotations } from './annotations.ts';
import { importFolder } from './import.ts';
import { modelConfig } from './model-config.ts';
import { pictures } from './pictures.ts';
import { rle } from './rle.ts';
import { safetensors } from './safetensors.ts';
import { tokenizer } from './tokenizer.ts';
import { workspace } from './workspace.ts';

export const TARGETS: readonly FuzzTarget[] = [
  safetensors,
  tokenizer,
  modelConfig,
  ...annotations,
  rle,
  ...pictures,
  workspace,
  importFolder,
];
