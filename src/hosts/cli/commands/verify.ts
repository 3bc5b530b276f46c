// flawsmith verify

import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { readBackLine } from '../read-back-line.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'Check that an exported folder arrived complete and unchanged',
  positional: 'FOLDER',
  positionals: { min: 1, max: 1 },
  options: {},
  examples: ['verify hazelnut-plus', 'verify /media/stick/hazelnut-plus --json'],
  async run(args, { client, signal, follow }) {
    const result = await follow(client.exports.verify({ folder: resolve(args.positionals[0]) }, { signal }));
    const lines = [`${result.folder}: all ${result.files} files are there and unchanged`];
    if (result.readBack !== null) lines.push(readBackLine(result.readBack));
    if (result.outsideChecked > 0) {
      lines.push(`${result.outsideChecked} pictures equal their source outside the defect`);
    }
    if (result.outsideUnchecked > 0) {
      lines.push(
        `${result.outsideUnchecked} could not be compared: their source is not here (give --workspace)`,
      );
    }
    return { result, lines };
  },
};
