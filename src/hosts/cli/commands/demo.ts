// flawsmith demo

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEVICES } from '../../../contract/fields.ts';
import type { Command } from '../command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'Show the whole way: import, fine-tune, generate, check, export, verify',
  options: {
    data: {
      type: 'string',
      value: 'DIR',
      help: 'your pictures in MVTec layout (default: a product that is rendered)',
    },
    shots: { type: 'string', value: 'N', help: 'defect pictures per type, 1 to 8 (default: 3)' },
    out: { type: 'string', value: 'DIR', help: 'a new folder for the results (default: flawsmith-demo)' },
    seed: { type: 'string', value: 'S', help: 'seed of all random numbers (default: 0)' },
    device: {
      type: 'string',
      value: 'auto|cpu|gpu',
      help: 'what computes (default: auto, a graphics card that works, else the CPU)',
    },
  },
  examples: ['demo', 'demo --data hazelnut --shots 3 --out hazelnut-demo'],
  async run(args, { client, signal, follow }) {
    const request = {
      data: args.path('data'),
      shots: args.integer('shots', { min: 1, max: 8 }) ?? 3,
      out: args.path('out') ?? freeFolder('flawsmith-demo'),
      seed: args.seed('seed'),
      device: args.choice('device', DEVICES),
    };
    const result = await follow(client.demo.run(request, { signal }));
    const lines = [
      `${result.pictures} pictures made, ${result.accepted} accepted; everything is in ${result.folder}`,
      `  dataset  ${result.export}`,
      `  sheet    ${result.sheet}`,
      ...(result.seasSheet === null ? [] : [`  seas     ${result.seasSheet}`]),
      `  report   ${result.report}`,
    ];
    return { result, lines };
  },
};

/** NAME, NAME-2, NAME-3, ...: the first that does not exist. */
function freeFolder(name: string): string {
  for (let n = 1; ; n++) {
    const folder = resolve(n === 1 ? name : `${name}-${n}`);
    if (!existsSync(folder)) return folder;
  }
}
