// flawsmith backup

import { resolve } from 'node:path';
import type { Command } from '../command.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'Copy the whole workspace into one folder or .tar file, checked',
  positional: 'FOLDER|FILE.tar',
  positionals: { min: 1, max: 1 },
  options: {},
  examples: ['backup /media/stick/parts-backup', 'backup parts-2026-03-01.tar --workspace parts'],
  async run(args, { client, signal, follow }) {
    const out = resolve(args.positionals[0]);
    const result = await follow(client.workspace.backup({ out }, { signal }));
    const { entries, hash } = result.audit;
    return {
      result,
      lines: [
        `${result.files} files (${(result.bytes / 1e6).toFixed(1)} MB) backed up and read back: ${result.out}`,
        `audit log at ${entries}:${hash}`,
      ],
    };
  },
};
