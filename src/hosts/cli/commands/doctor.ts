// flawsmith doctor

import type { Command } from '../command.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check the workspace for damage and leftovers',
  options: { repair: { type: 'boolean', help: 'remove leftovers; nothing that is in use is touched' } },
  examples: ['doctor --workspace parts', 'doctor --repair'],
  async run(args, { client, signal, follow }) {
    const result = await follow(client.workspace.doctor({ repair: args.flag('repair') }, { signal }));
    const { blobs, notes, repaired, interruptedRuns } = result;
    const lines = [`the workspace is sound: ${blobs} files checked, ${notes} notes, ${repaired} repaired`];
    for (const id of interruptedRuns) lines.push(`run ${id} was interrupted and can be resumed`);
    return { result, lines };
  },
};
