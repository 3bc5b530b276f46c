// flawsmith weights

import { WEIGHT_DIALECTS, WEIGHT_FORMS } from '../../../contract/methods/weights.ts';
import { isId, usage } from '../args.ts';
import type { Command } from '../command.ts';

export const weights: Command = {
  name: 'weights',
  summary: 'Save what a fine-tune learned in a form that other programs read',
  positional: 'export TOKENSET',
  positionals: { min: 2, max: 2 },
  options: {
    as: {
      type: 'string',
      value: WEIGHT_FORMS.join('|'),
      help: 'token embeddings, low-rank adapters, or the whole model folder',
    },
    dialect: {
      type: 'string',
      value: WEIGHT_DIALECTS.join('|'),
      help: 'embedding: a1111 (default) or diffusers; lora: diffusers (default) or kohya; unet: diffusers',
    },
    out: { type: 'string', value: 'PATH', help: 'a new folder (embedding, unet) or file (lora)' },
    rank: {
      type: 'string',
      value: 'N',
      help: 'lora: extract the nearest LoRA of this rank from a whole U-Net (some of the change is lost)',
    },
    half: { type: 'boolean', help: 'write fp16 instead of fp32' },
  },
  examples: [
    'weights export 01J9ZQ4M7N8P6R5S3T2V1W0XYZ --as embedding --out tokens',
    'weights export 01J9ZQ4M7N8P6R5S3T2V1W0XYZ --as lora --dialect kohya --out crack-lora.safetensors',
    'weights export 01J9ZQ4M7N8P6R5S3T2V1W0XYZ --as unet --out tuned-model',
  ],
  async run(args, { client, signal, follow }) {
    const [action, tokenSet] = args.positionals;
    if (action !== 'export')
      throw usage(`"weights ${action}" is not known; write: weights export`, args.command);
    if (!isId(tokenSet))
      throw usage(`TOKENSET must be an id of 26 letters and digits, not "${tokenSet}"`, args.command);
    const as = args.choice('as', WEIGHT_FORMS);
    const out = args.path('out');
    if (as === undefined) throw args.wrong('as', `is missing; choose one of ${WEIGHT_FORMS.join(', ')}`);
    if (out === undefined) throw args.wrong('out', 'is missing: where shall it go?');
    const rank = args.integer('rank', { min: 1, max: 320 });
    if (rank !== undefined && as !== 'lora') throw args.wrong('rank', 'goes with --as lora only');
    const request = {
      tokenSet,
      as,
      out,
      rank,
      dialect: args.choice('dialect', WEIGHT_DIALECTS),
      half: args.flag('half'),
    };
    const result = await follow(client.weights.export(request, { signal }));
    const details = Object.entries(result.details).map(
      ([name, value]) => `  ${name}: ${JSON.stringify(value)}`,
    );
    return { result, lines: [`saved as ${as}: ${result.out}`, ...details] };
  },
};
