// No process of Flawsmith opens a connection: whatever tries (a library, a mistake of ours) is refused and counted.
// Listening and the pipes between processes stay as they are.

import dgram from 'node:dgram';
import net from 'node:net';
import { AppError } from '../../core/base/errors.ts';

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;

/** From now on in this thread; `refused` hears of each try. The function given back ends it. */
export function refuseNetwork(refused: () => void): () => void {
  const sockets = net.Socket.prototype as unknown as { connect: Connect };
  const datagrams = dgram.Socket.prototype as unknown as Record<'send' | 'connect', () => void>;
  const { connect } = sockets;
  const { send, connect: aim } = datagrams;
  const refuse = (): AppError => {
    refused();
    return new AppError('unsupported', 'Flawsmith opens no connection to anywhere');
  };
  sockets.connect = function (this: net.Socket, ...args) {
    if (isPipe(args)) return connect.apply(this, args);
    const error = refuse();
    process.nextTick(() => this.destroy(error));
    return this;
  };
  datagrams.send = datagrams.connect = () => {
    throw refuse();
  };
  return () => {
    Object.assign(sockets, { connect });
    Object.assign(datagrams, { send, connect: aim });
  };
}

/** `connect(path)`, `connect({ path })`; Node's own callers pass the arguments as one list. */
function isPipe(args: readonly unknown[]): boolean {
  const [first] = args;
  if (Array.isArray(first)) return isPipe(first);
  if (typeof first === 'string') return !/^\d+$/.test(first);
  return typeof (first as { path?: unknown } | undefined)?.path === 'string';
}
