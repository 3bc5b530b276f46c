// The web host as a program: serves the window on this PC, prints its address, tries to open a browser.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toPlainError } from '../../contract/errors.ts';
import { isWorkspace } from '../../engine/workspace-files.ts';
import { forkNodeEngine } from '../desk/fork-node.ts';
import { configFolder } from '../desk/host-files.ts';
import { refuseNetwork } from '../desk/refuse-network.ts';
import { openBrowser } from './open-browser.ts';
import { startWebHost } from './server.ts';

const RENDERER = fileURLToPath(new URL('../../../out/renderer', import.meta.url));

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    port: { type: 'string', default: '0' },
    renderer: { type: 'string', default: RENDERER },
    config: { type: 'string', default: configFolder() },
    'no-open': { type: 'boolean', default: false },
  },
});

const host = await startWebHost({
  port: Number(values.port),
  renderer: resolve(values.renderer),
  configFolder: resolve(values.config),
  fork: forkNodeEngine,
});

refuseNetwork(() => host.desk.requestBlocked());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void host.close().then(() => process.exit(0)));
}

if (values.workspace !== undefined) {
  const folder = resolve(values.workspace);
  await host.desk.open(folder, !isWorkspace(folder)).catch((error) => {
    const { message, file, hint } = toPlainError(error);
    console.error([message, file, hint].filter(Boolean).join('\n  '));
  });
}
console.log(`Flawsmith is at ${host.address}`);
console.log('Only this PC can open it. Stop it with Ctrl+C.');
if (!values['no-open']) openBrowser(host.address);
