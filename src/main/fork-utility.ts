// Forks the engine as Electron's utility process. Its bundle lies outside the archive: it loads native modules.

import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { EngineProcess } from '../hosts/desk/engine-process.ts';
import { engineEnvironment } from './engine-environment.ts';

const ENTRY = join(import.meta.dirname, '../engine/main.js').replace('app.asar', 'app.asar.unpacked');

export function forkUtilityEngine(): EngineProcess {
  const child = utilityProcess.fork(ENTRY, [], {
    serviceName: 'Flawsmith engine',
    env: engineEnvironment(process.env),
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
  };
}
