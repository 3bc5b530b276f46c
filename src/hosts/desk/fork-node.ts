// Forks the engine as a process of this Node: for the web host.

import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromEngine } from '../engine/protocol.ts';
import type { EngineProcess } from './engine-process.ts';

const ENTRY = fileURLToPath(new URL('../engine/main.ts', import.meta.url));

export function forkNodeEngine(): EngineProcess {
  return forkNode(ENTRY);
}

/** `entry`: of an engine process, from the sources or bundled. */
export function forkNode(entry: string): EngineProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Reading the sources again takes longer than all the rest of a start.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'flawsmith-compiled'), ...process.env },
  });
  // A message that no longer reaches a dead child is no news: its exit is.
  child.on('error', () => {});
  return {
    pid: child.pid,
    send: (message) => void (child.connected && child.send(message)),
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromEngine)),
    onExit: (listener) => {
      child.once('exit', (code, signal) =>
        listener(signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
