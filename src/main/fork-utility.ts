// Forks the engine as Electron's utility process. Its bundle lies outside the archive: it loads native modules.

import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { EngineProcess } from '../hosts/desk/engine-process.ts';
import { isHelperMessage } from '../hosts/engine/helper-protocol.ts';
import { engineEnvironment } from './engine-environment.ts';
import { brokerHelpers } from './helper-broker.ts';

const ENTRY = join(import.meta.dirname, '../engine/main.js').replace('app.asar', 'app.asar.unpacked');

export function forkUtilityEngine(): EngineProcess {
  const child = utilityProcess.fork(ENTRY, [], {
    serviceName: 'Flawsmith engine',
    env: engineEnvironment(process.env),
  });
  const helped = brokerHelpers(child, ENTRY);
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', (message) => (isHelperMessage(message) ? helped(message) : listener(message)));
    },
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
  };
}
