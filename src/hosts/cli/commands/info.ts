// flawsmith info

import type { Command } from '../command.ts';

export const info: Command = {
  name: 'info',
  summary: 'Show what the workspace holds: products, runs and results',
  options: {},
  examples: ['info --workspace parts', 'info --json'],
  async run(_args, { client, signal }) {
    const result = await client.workspace.info({}, { signal });
    const lines = [`workspace ${result.folder}`];
    for (const product of result.products) {
      const types = product.types.map((type) => `${type.name} ${type.pictures}`).join(', ') || 'none';
      const { accepted, rejected, undecided } = product.generated;
      lines.push(`product ${product.name}: ${product.normals} good, defects: ${types}`);
      lines.push(`  generated: ${accepted} accepted, ${rejected} rejected, ${undecided} undecided`);
    }
    for (const run of result.runs) {
      const progress =
        run.progress === null ? '' : ` at ${run.progress.phase} ${run.progress.done}/${run.progress.total}`;
      lines.push(
        `run ${run.id}: ${run.kind} ${run.method}, ${run.product}, ${run.state}${progress}${run.error ? `: ${run.error}` : ''}`,
      );
    }
    if (result.products.length === 0)
      lines.push('no pictures yet; bring some in with: flawsmith import FOLDER');
    return { result, lines };
  },
};
