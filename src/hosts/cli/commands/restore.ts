// flawsmith restore

import { resolve } from 'node:path';
import type { Command } from '../command.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Make a workspace of a backup, checking every file',
  positional: 'BACKUP FOLDER',
  positionals: { min: 2, max: 2 },
  options: {},
  examples: ['restore /media/stick/parts-backup parts', 'restore parts-2026-03-01.tar parts-again'],
  async run(args, { client, signal, follow }) {
    const [from, to] = args.positionals.map((path) => resolve(path));
    const result = await follow(client.workspace.restore({ from, to }, { signal }));
    const made = new Date(result.madeAt).toISOString();
    return {
      result,
      lines: [`${result.folder}: restored from the backup of ${made}, ${result.files} files, all sound`],
    };
  },
};
