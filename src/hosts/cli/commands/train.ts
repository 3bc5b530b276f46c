// flawsmith train

import { DEVICES } from '../../../contract/fields.ts';
import { ATTENTION_FORMS, METHODS, PRESETS } from '../../../contract/methods/training.ts';
import { type Args, folderOrName } from '../args.ts';
import type { Command } from '../command.ts';
import { refuseWith } from '../resume.ts';
import { SETTINGS_OPTION, settingsOf } from '../settings.ts';

export const train: Command = {
  name: 'train',
  summary: 'Fine-tune the base model on the defects of a product',
  options: {
    method: { type: 'string', value: METHODS.join('|'), help: 'what to train (default: seas)' },
    preset: { type: 'string', value: PRESETS.join('|'), help: 'how long (default: balanced)' },
    shots: {
      type: 'string',
      value: 'N',
      help: 'defect pictures per type, for anomalysd good pictures, 1 to 8 (default: all that are kept for training, 3 for anogen, 4 for anomalysd)',
    },
    'shot-seed': { type: 'string', value: 'S', help: 'which pictures are chosen (default: 0)' },
    seed: { type: 'string', value: 'S', help: 'seed of all random numbers (default: 0)' },
    product: { type: 'string', value: 'NAME', help: 'which product, where there are several' },
    pack: { type: 'string', value: 'NAME|DIR', help: 'base model (default: the embedded one)' },
    steps: { type: 'string', value: 'N', help: 'updates, instead of the number of the preset' },
    attention: {
      type: 'string',
      value: ATTENTION_FORMS.join('|'),
      help: "attention loss of SeaS: the released code's form, over tokens, or the paper's (default: code)",
    },
    adapters: {
      type: 'string',
      value: 'RANK',
      help: 'train low-rank adapters of this rank (1 to 64) instead of the whole U-Net: a small file',
    },
    type: { type: 'string', value: 'T', help: 'the only defect type to learn (anogen)' },
    set: SETTINGS_OPTION,
    device: {
      type: 'string',
      value: 'auto|cpu|gpu',
      help: 'what computes (default: auto, a graphics card that works, else the CPU)',
    },
    memory: {
      type: 'string',
      value: 'SIZE',
      help: 'memory the run may take, for example 4GiB or 800MiB (default: most of what this PC has)',
    },
    resume: { type: 'string', value: 'RUN', help: 'go on with a run that stopped' },
  },
  examples: [
    'train --workspace parts',
    'train --preset quick --shots 3',
    'train --method anogen --type scratch --shots 3',
    'train --method anomalysd --shots 1',
    'train --resume 01J9ZQ4M7N8P6R5S3T2V1W0XYZ',
  ],
  async run(args, { client, signal, follow }) {
    const result = await follow(client.training.train(requestOf(args), { signal }));
    const plain = Object.entries(result.summary).filter(([, value]) => typeof value !== 'object');
    const numbers = plain.map(([name, value]) => `  ${name}: ${value}`);
    const types = result.types.length > 0 ? ` (${result.types.join(', ')})` : '';
    const lines = [`${result.product} is fine-tuned${types}; run ${result.runId}`, ...numbers];
    return { result, lines };
  },
};

function requestOf(args: Args) {
  const resume = args.id('resume');
  if (resume !== undefined) {
    refuseWith(args, 'resume', [
      'method',
      'preset',
      'shots',
      'shot-seed',
      'seed',
      'product',
      'pack',
      'adapters',
      'type',
      'set',
      'steps',
      'attention',
      'device',
      'memory',
    ]);
    return { resume };
  }
  const pack = args.text('pack');
  return {
    method: args.choice('method', METHODS) ?? ('seas' as const),
    preset: args.choice('preset', PRESETS) ?? ('balanced' as const),
    shots: args.integer('shots', { min: 1, max: 8 }),
    shotSeed: args.seed('shot-seed'),
    seed: args.seed('seed'),
    attention: args.choice('attention', ATTENTION_FORMS) ?? ('code' as const),
    steps: args.integer('steps', { min: 1, max: 100_000 }),
    adapterRank: args.integer('adapters', { min: 1, max: 64 }) ?? 0,
    product: args.text('product'),
    device: args.choice('device', DEVICES),
    memory: args.bytes('memory'),
    type: args.text('type'),
    settings: settingsOf(args),
    pack: pack === undefined ? undefined : folderOrName(pack),
  };
}
