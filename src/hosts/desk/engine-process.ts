// One engine process as the supervisor sees it; how it is forked is the host's business.

import type { FromEngine, ToEngine } from '../engine/protocol.ts';

export interface EngineProcess {
  readonly pid: number | undefined;
  send(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Once, whatever the reason. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export type ForkEngine = () => EngineProcess;
