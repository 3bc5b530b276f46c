// flawsmith verify

import { resolve } from 'node:path';
import type { Command } from '../command.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'Check that an exported folder arrived complete and unchanged',
  positional: 'FOLDER',
  positionals: { min: 1, max: 1 },
  options: {},
  examples: ['verify hazelnut-plus', 'verify /media/stick/hazelnut-plus --json'],
  async run(args, { client, signal, follow }) {
    const result = await follow(client.exports.verify({ folder: resolve(args.positionals[0]) }, { signal }));
    return { result, lines: [`${result.folder}: all ${result.files} files are there and unchanged`] };
  },
};
