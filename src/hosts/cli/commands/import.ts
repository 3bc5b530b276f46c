// flawsmith import

import { resolve } from 'node:path';
import { LAYOUTS } from '../../../contract/methods/datasets.ts';
import type { Command } from '../command.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'Bring in a folder of pictures and masks; the folder itself is only read',
  positional: 'FOLDER',
  positionals: { min: 1, max: 1 },
  options: {
    'dry-run': { type: 'boolean', help: 'only report what would happen' },
    layout: { type: 'string', value: LAYOUTS.join('|'), help: 'how the folder is laid out (default: auto)' },
    product: { type: 'string', value: 'NAME', help: "the product's name (default: the folder's)" },
    'group-by': { type: 'string', value: 'REGEX', help: 'what in a file name tells the physical part' },
    'skip-bad': { type: 'boolean', help: 'leave out files that cannot be used instead of importing nothing' },
  },
  examples: [
    'import hazelnut --dry-run',
    'import hazelnut --workspace parts',
    'import photos --layout image-mask --product bracket',
  ],
  async run(args, { client, signal, follow }) {
    const stream = client.datasets.import(
      {
        source: resolve(args.positionals[0]),
        layout: args.choice('layout', LAYOUTS) ?? 'auto',
        dryRun: args.flag('dry-run'),
        skipBad: args.flag('skip-bad'),
        product: args.text('product'),
        groupBy: args.text('group-by'),
      },
      { signal },
    );
    const result = await follow(stream);
    const types = result.types.map((type) => `${type.name} ${type.count}`).join(', ') || 'none';
    const verb = result.dryRun ? 'would be added' : 'added';
    const lines = [
      result.why,
      `product ${result.product}: ${result.normals} good, ${result.unlabelled} unlabelled, defects: ${types}`,
      `${result.added} ${verb}, ${result.changed} changed, ${result.unchanged} as before, ${result.rejected} refused`,
    ];
    return { result, lines };
  },
};
