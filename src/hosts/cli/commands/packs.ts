// flawsmith packs

import { folderOrName } from '../args.ts';
import type { Command } from '../command.ts';

export const packs: Command = {
  name: 'packs',
  summary: 'List the base models, or show one',
  positional: '[NAME|FOLDER]',
  positionals: { min: 0, max: 1 },
  options: {},
  examples: ['packs', 'packs embedded', 'packs /data/stable-diffusion-v1-4 --json'],
  async run(args, { client, signal }) {
    const [pack] = args.positionals;
    if (pack === undefined) {
      const result = await client.packs.list({}, { signal });
      const lines = result.packs.map((p) =>
        p.problem === null
          ? `${p.name}  ${p.kind}, working size ${p.workingSize}, ${p.licence}  ${p.path}`
          : `${p.name}  ${p.kind}, cannot be used: ${p.problem}`,
      );
      return { result, lines };
    }
    const result = await client.packs.inspect({ pack: folderOrName(pack) }, { signal });
    const details = Object.entries(result.details).map(
      ([name, value]) => `  ${name}: ${JSON.stringify(value)}`,
    );
    return {
      result,
      lines: [`${result.pack.name} (${result.pack.path})`, `  sha256: ${result.pack.hash}`, ...details],
    };
  },
};
