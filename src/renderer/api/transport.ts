// How a window reaches its host and the engine behind it. The rest of the window never learns which host it is in.

import type { SupportedMessagePort } from '@orpc/client/message-port';

export type Far = 'host' | 'engine';

export interface OpenPort {
  readonly port: SupportedMessagePort;
  close(): void;
}

export interface Transport {
  /** Rejects where the other side is not there. `closed` is called once when it goes. */
  open(far: Far, closed: () => void): Promise<OpenPort>;
  /** Address below which pictures are served, without a slash at its end. */
  readonly mediaBase: string;
  /** The path of a dropped file or folder, where this host can tell. */
  pathOfFile(file: File): string | null;
  /** Whether dropped files must be sent to the host, because no path is known. */
  readonly sendsDrops: boolean;
}
