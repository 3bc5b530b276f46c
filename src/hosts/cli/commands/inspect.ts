// flawsmith inspect

import { resolve } from 'node:path';
import { DEVICES } from '../../../contract/fields.ts';
import { DEFAULT_FALSE_ALARMS, INSPECT_MODES } from '../../../contract/methods/inspect.ts';
import { type Args, usage } from '../args.ts';
import type { Command } from '../command.ts';
import { SETTINGS_OPTION, settingsOf } from '../settings.ts';

const SPLITS = ['train', 'test', 'validation'] as const;

export const inspect: Command = {
  name: 'inspect',
  summary: 'Score pictures and draw maps of what is unlike good ones (after train --method anomalysd)',
  positional: 'PICTURES...',
  positionals: { min: 0, max: 10_000 },
  options: {
    model: { type: 'string', value: 'RUN', help: 'the training run (default: the latest of anomalysd)' },
    split: { type: 'string', value: SPLITS.join('|'), help: 'look at the imported pictures of this split' },
    mode: {
      type: 'string',
      value: INSPECT_MODES.join('|'),
      help: 'few repairs per window, or all scales: about a minute a window (default: fast)',
    },
    'false-alarms': {
      type: 'string',
      value: 'RATE',
      help: `share of good pictures that may be above the threshold (default: ${DEFAULT_FALSE_ALARMS})`,
    },
    goods: {
      type: 'string',
      value: 'N',
      help: 'good pictures the threshold rests on, at most (default: 40, in full mode 8)',
    },
    out: { type: 'string', value: 'DIR', help: 'write heat pictures, 16-bit maps and scores.csv there' },
    'cost-only': { type: 'boolean', help: 'only tell what it would cost' },
    product: { type: 'string', value: 'NAME', help: 'which product, where there are several' },
    set: SETTINGS_OPTION,
    device: {
      type: 'string',
      value: 'auto|cpu|gpu',
      help: 'what computes (default: auto, a graphics card that works, else the CPU)',
    },
  },
  examples: [
    'inspect part-17.png part-18.png --out maps',
    'inspect --split test --false-alarms 0.05',
    'inspect new-pictures --mode full --cost-only',
  ],
  async run(args, { client, signal, follow }) {
    const request = requestOf(args);
    if (args.flag('cost-only')) {
      const cost = await client.inspect.cost(request, { signal });
      const { pictures, windows, runsPerWindow, stepsPerRun, seconds } = cost;
      return {
        result: cost,
        lines: [
          `${pictures} pictures, at most ${windows} windows of ${runsPerWindow} repairs with ${stepsPerRun} steps: about ${Math.ceil(seconds)} s`,
        ],
      };
    }
    const falseAlarms = args.number('false-alarms', { min: 1e-6, max: 0.999_999 }) ?? DEFAULT_FALSE_ALARMS;
    const result = await follow(
      client.inspect.inspect({ ...request, falseAlarms, out: args.path('out') }, { signal }),
    );
    const { threshold, pictures, imageAuroc, out } = result;
    const limit = threshold.value === null ? 'none' : threshold.value.toFixed(4);
    const bad = pictures.filter((p) => p.anomalous).length;
    return {
      result,
      lines: [
        ...pictures.map((p) => `${p.score.toFixed(4)} ${p.anomalous ? 'ANOMALOUS' : 'good     '} ${p.file}`),
        `${bad} of ${pictures.length} pictures above the threshold ${limit} (from ${threshold.goods} good pictures)`,
        ...(imageAuroc === null ? [] : [`image AUROC ${imageAuroc.toFixed(3)} on the labelled ones`]),
        ...(out === null ? [] : [`written to ${out}`]),
      ],
    };
  },
};

function requestOf(args: Args) {
  return {
    model: args.id('model'),
    product: args.text('product'),
    pictures: picturesOf(args),
    mode: args.choice('mode', INSPECT_MODES) ?? ('fast' as const),
    goods: args.integer('goods', { min: 1, max: 1000 }),
    device: args.choice('device', DEVICES),
    settings: settingsOf(args),
  };
}

function picturesOf(args: Args) {
  const split = args.choice('split', SPLITS);
  const paths = args.positionals.map((path) => resolve(path));
  if (split !== undefined && paths.length > 0) throw args.wrong('split', 'does not go with named pictures');
  if (split !== undefined) return { kind: 'split' as const, split };
  if (paths.length > 0) return { kind: 'files' as const, paths };
  throw usage('which pictures? Name files or folders, or give --split test', args.command);
}
