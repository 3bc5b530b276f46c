// Starts the engine's helper processes for it, hands both ends of a channel over, and tells the engine of their end.

import { dirname, join } from 'node:path';
import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron';
import type { FromHelpers, ToHelpers } from '../hosts/engine/helper-protocol.ts';
import { engineEnvironment } from './engine-environment.ts';

/** Workers of the engine's own bundle, and nothing else, are started. */
const WORKER = /^[a-z-]+-worker\.js$/;

export function brokerHelpers(engine: UtilityProcess, entry: string): (message: ToHelpers) => void {
  const helpers = new Map<number, UtilityProcess>();
  const tell = (message: FromHelpers): void => engine.postMessage(message);
  engine.once('exit', () => {
    for (const helper of helpers.values()) helper.kill();
  });
  const start = (helper: number, name: string, env: Record<string, string>): void => {
    if (!WORKER.test(name)) {
      tell({ kind: 'helper-ended', helper, reason: `${name} is no worker of the engine` });
      return;
    }
    const child = utilityProcess.fork(join(dirname(entry), name), [], {
      serviceName: 'Flawsmith helper',
      env: engineEnvironment(env),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    helpers.set(helper, child);
    child.stderr?.on('data', (text: Buffer) => tell({ kind: 'helper-output', helper, text: String(text) }));
    child.once('exit', (code) => {
      helpers.delete(helper);
      tell({ kind: 'helper-ended', helper, reason: `its process ended (code ${code})` });
    });
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ kind: 'engine' }, [port1]);
    const told: FromHelpers = { kind: 'helper-port', helper };
    engine.postMessage(told, [port2]);
  };
  return (message) => {
    if (message.kind === 'helper-start') start(message.helper, message.name, message.env);
    else helpers.get(message.helper)?.kill();
  };
}
