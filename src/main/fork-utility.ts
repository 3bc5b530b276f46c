// Forks the engine as Electron's utility process. Its entry lies outside the archive: it loads native modules.

import { join } from 'node:path';
import { app, utilityProcess } from 'electron';
import type { EngineProcess } from '../hosts/desk/engine-process.ts';

const UNPACKED = 'app.asar.unpacked';

export function forkUtilityEngine(): EngineProcess {
  const entry = join(import.meta.dirname, 'engine.js').replace('app.asar', UNPACKED);
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Flawsmith engine',
    env: allowed(process.env),
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

/** The engine gets what a program needs to find its files, and nothing of how this one was started. */
function allowed(env: NodeJS.ProcessEnv): Record<string, string> {
  const names =
    /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP|TMPDIR|LANG|LC_.*|SYSTEMROOT|FLAWSMITH_.*|CUDA_.*|LD_LIBRARY_PATH)$/i;
  const kept = Object.entries(env).filter(
    (pair): pair is [string, string] => names.test(pair[0]) && pair[1] !== undefined,
  );
  return { ...Object.fromEntries(kept), FLAWSMITH_VERSION: app.getVersion() };
}
