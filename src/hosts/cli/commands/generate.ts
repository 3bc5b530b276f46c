// flawsmith generate

import { resolve } from 'node:path';
import { DEVICES } from '../../../contract/fields.ts';
import { GENERATORS } from '../../../contract/methods/generation.ts';
import { type Args, usage } from '../args.ts';
import type { Command } from '../command.ts';
import { refuseWith } from '../resume.ts';
import { SETTINGS_OPTION, settingsOf } from '../settings.ts';

export const generate: Command = {
  name: 'generate',
  summary: 'Make pictures of a defect type, each with its mask',
  options: {
    generator: { type: 'string', value: GENERATORS.join('|'), help: 'how they are made (default: windows)' },
    type: { type: 'string', value: 'T', help: 'defect type (default: the only one)' },
    count: { type: 'string', value: 'N', help: 'how many' },
    seed: { type: 'string', value: 'S', help: 'seed of all random numbers (default: 0)' },
    attributes: {
      type: 'string',
      value: 'TOKEN=WEIGHT,...',
      help: 'mix learned attributes of several types',
    },
    variation: { type: 'string', value: '0..1', help: 'how far from the real defects (generator blend)' },
    masks: {
      type: 'string',
      value: 'real|model|PATH',
      help: 'mask shapes: the real ones warped, from the mask model, or mask pictures (default: real)',
    },
    product: { type: 'string', value: 'NAME', help: 'which product, where there are several' },
    'token-set': {
      type: 'string',
      value: 'ID',
      help: 'which fine-tune: its run or token set (default: the latest)',
    },
    shots: {
      type: 'string',
      value: 'N',
      help: 'defect pictures per type that paste takes without a fine-tune',
    },
    'shot-seed': { type: 'string', value: 'S', help: 'which pictures are chosen (default: 0)' },
    box: {
      type: 'string',
      value: 'X,Y,W,H',
      help: 'where the defect lies, in shares of the picture (anogen, windows, blend, paste; default: learned)',
    },
    set: SETTINGS_OPTION,
    device: {
      type: 'string',
      value: 'auto|cpu|gpu',
      help: 'what computes (default: auto, a graphics card that works, else the CPU)',
    },
    resume: { type: 'string', value: 'RUN', help: 'go on with a run that stopped' },
  },
  examples: [
    'generate --generator windows --type crack --count 60 --workspace parts',
    'generate --generator blend --type crack --count 20 --variation 0.4',
    'generate --generator windows --type crack --count 10 --masks drawn-masks',
    'generate --generator anogen --type crack --count 20 --box 0.4,0.4,0.2,0.2',
    'generate --generator seas --type crack --count 8 --attributes sks1=0.7,sks5=0.3',
  ],
  async run(args, { client, signal, follow }) {
    const result = await follow(client.generation.generate(requestOf(args), { signal }));
    const what = result.type === null ? 'good pictures' : `pictures of ${result.type}`;
    return {
      result,
      lines: [`${result.total} ${what} made, ${result.flagged} flagged; run ${result.runId}`],
    };
  },
};

function requestOf(args: Args) {
  const resume = args.id('resume');
  if (resume !== undefined) {
    refuseWith(
      args,
      'resume',
      Object.keys(generate.options).filter((name) => name !== 'resume'),
    );
    return { resume };
  }
  const count = args.integer('count', { min: 1, max: 100_000 });
  if (count === undefined) throw usage('--count is missing: how many pictures?', args.command);
  return {
    generator: args.choice('generator', GENERATORS) ?? ('windows' as const),
    type: args.text('type'),
    count,
    seed: args.seed('seed'),
    attributes: attributesOf(args),
    variation: args.number('variation', { min: 0, max: 1 }),
    masks: masksOf(args),
    product: args.text('product'),
    device: args.choice('device', DEVICES),
    tokenSet: args.id('token-set'),
    shots: args.integer('shots', { min: 1, max: 8 }),
    shotSeed: args.seed('shot-seed'),
    placement: placementOf(args),
    settings: settingsOf(args),
  };
}

/** "0.2,0.3,0.1,0.1": left, top, width and height in shares of the picture. */
function placementOf(args: Args) {
  const text = args.text('box');
  if (text === undefined) return undefined;
  const shares = text.split(',').map((part) => Number(part.trim() || Number.NaN));
  const [x, y, width, height] = shares;
  const fits = shares.length === 4 && shares.every((v) => v >= 0 && v <= 1) && width > 0 && height > 0;
  if (!fits || x + width > 1 || y + height > 1) {
    throw args.wrong(
      'box',
      `must be LEFT,TOP,WIDTH,HEIGHT in shares of the picture from 0 to 1, not "${text}"`,
    );
  }
  return { where: { kind: 'box' as const, x, y, width, height }, size: 1, defects: 1, strength: 1 };
}

/** A folder or file is meant from where the user stands. */
function masksOf(args: Args): string {
  const text = args.text('masks') ?? 'real';
  return text === 'real' || text === 'model' ? text : resolve(text);
}

/** "sks1=0.7,sks5=0.3" to weights by token. */
function attributesOf(args: Args): Record<string, number> | undefined {
  const text = args.text('attributes');
  if (text === undefined) return undefined;
  const weights: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [token, weight, ...rest] = part.split('=').map((piece) => piece.trim());
    const value = Number(weight);
    if (!token || !weight || rest.length > 0 || !(value >= 0 && value <= 1000)) {
      throw args.wrong(
        'attributes',
        `cannot hold "${part}"; write TOKEN=WEIGHT,TOKEN=WEIGHT with weights from 0`,
      );
    }
    weights[token] = value;
  }
  return weights;
}
