// flawsmith detectors

import { DEVICES } from '../../../contract/fields.ts';
import { DETECTOR_KINDS } from '../../../contract/methods/detectors.ts';
import { type Args, folderOrName, usage } from '../args.ts';
import type { Command } from '../command.ts';
import { settingsOf } from '../settings.ts';

const DEFAULT_SHOTS = 8;

export const detectors: Command = {
  name: 'detectors',
  summary: 'Train a detector on real and accepted generated pictures, to use it elsewhere',
  positional: 'train',
  positionals: { min: 1, max: 1 },
  options: {
    kind: {
      type: 'string',
      value: DETECTOR_KINDS.join('|'),
      help: 'segmentation network, DRAEM, DeSTSeg, or a memory of good features (default: unet)',
    },
    out: { type: 'string', value: 'DIR', help: 'a new folder for detector.onnx and detector.json' },
    shots: { type: 'string', value: 'N', help: `real defects per type, 1 to 8 (default: ${DEFAULT_SHOTS})` },
    'real-only': { type: 'boolean', help: 'leave accepted generated pictures out' },
    product: { type: 'string', value: 'NAME', help: 'which product, where there are several' },
    seed: { type: 'string', value: 'S', help: 'seed of the training (default: 0)' },
    'shot-seed': { type: 'string', value: 'S', help: 'which pictures are chosen (default: 0)' },
    set: { type: 'string', value: 'NAME=VALUE;...', help: 'settings in place of the defaults, as steps=400' },
    pack: { type: 'string', value: 'NAME|DIR', help: 'whose encoder destseg and memory use' },
    device: { type: 'string', value: 'auto|cpu|gpu', help: 'what computes (default: cpu)' },
  },
  examples: [
    'detectors train --out scratch-detector',
    'detectors train --kind draem --set steps=800 --out draem',
  ],
  async run(args, { client, signal, follow }) {
    const [action] = args.positionals;
    if (action !== 'train')
      throw usage(`"detectors ${action}" is not known; write: detectors train`, args.command);
    const out = args.path('out');
    if (out === undefined) throw args.wrong('out', 'is missing: where shall the detector go?');
    const pack = args.text('pack');
    const result = await follow(
      client.detectors.train(
        {
          kind: args.choice('kind', DETECTOR_KINDS),
          out,
          shots: args.integer('shots', { min: 1, max: 8 }) ?? DEFAULT_SHOTS,
          accepted: !args.flag('real-only'),
          product: args.text('product'),
          seed: args.seed('seed'),
          shotSeed: args.seed('shot-seed'),
          settings: numbersOf(args),
          pack: pack === undefined ? undefined : folderOrName(pack),
          device: args.choice('device', DEVICES),
        },
        { signal },
      ),
    );
    const { kind, shots, normals, generated, validation, thresholds } = result;
    const limit = (value: number | null) => (value === null ? 'none' : value.toFixed(3));
    return {
      result,
      lines: [
        `${kind} detector written to ${result.out}`,
        `  trained on ${shots} real defect pictures, ${generated} generated, ${normals} good ones; validated on ${validation}`,
        `  thresholds: pixel ${limit(thresholds.pixel)}, picture ${limit(thresholds.image)}`,
      ],
    };
  },
};

function numbersOf(args: Args): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(settingsOf(args) ?? {})) {
    if (typeof value !== 'number') throw args.wrong('set', `needs numbers; ${name} is "${value}"`);
    numbers[name] = value;
  }
  return numbers;
}
