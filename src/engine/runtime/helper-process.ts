// A process beside the engine that runs one of its worker files. Plain Node forks it; in Electron, where a program cannot
// start itself as Node, the host starts it (src/hosts/engine sets that).

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface HelperListener {
  message(message: unknown): void;
  /** What it printed on its standard error. */
  output(text: string): void;
  /** Once. */
  ended(reason: string): void;
}

export interface HelperProcess {
  readonly pid: number | undefined;
  send(message: unknown): void;
  /** Whether it keeps this process alive. */
  hold(busy: boolean): void;
  /** At once; resolves when it is gone. */
  kill(): Promise<void>;
}

export type StartHelper = (file: URL, env: NodeJS.ProcessEnv, listener: HelperListener) => HelperProcess;

let starter: StartHelper = forkHelper;

/** Called once, before any helper is started. */
export function startHelpersBy(start: StartHelper): void {
  starter = start;
}

export function startHelper(file: URL, env: NodeJS.ProcessEnv, listener: HelperListener): HelperProcess {
  return starter(file, env, listener);
}

function forkHelper(file: URL, env: NodeJS.ProcessEnv, listener: HelperListener): HelperProcess {
  const child = fork(fileURLToPath(file), [], {
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let ended = false;
  const end = (reason: string): void => {
    if (!ended) listener.ended(reason);
    ended = true;
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => listener.output(text));
  child.on('message', (message) => listener.message(message));
  child.on('error', (error) => end(error.message));
  child.on('exit', (code, signal) => end(`its process ended (${signal ?? `code ${code}`})`));
  const hold = (busy: boolean): void => {
    const all = [child, child.channel, child.stderr as { ref?(): void; unref?(): void } | null];
    for (const each of all) busy ? each?.ref?.() : each?.unref?.();
  };
  return {
    get pid() {
      return child.pid;
    },
    send(message) {
      child.send(message as object, (error) => {
        if (error) end(error.message);
      });
    },
    hold,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      hold(true);
      child.kill('SIGKILL');
      await gone;
    },
  };
}
