// flawsmith init

import type { Command } from '../command.ts';

export const init: Command = {
  name: 'init',
  summary: 'Make a workspace: one folder that holds pictures, masks, runs and results',
  options: {},
  examples: ['init --workspace parts', 'init'],
  async run(_args, { client, signal }) {
    const result = await client.workspace.init({}, { signal });
    const line = result.created
      ? `made a workspace in ${result.folder}`
      : `there is a workspace in ${result.folder} already`;
    return { result, lines: [line] };
  },
};
