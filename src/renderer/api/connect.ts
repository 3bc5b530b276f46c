// Chooses the transport: the preload script's bridge where there is one, else the page's own address.

import { type Connection, openConnection } from './connection.ts';
import { electronTransport } from './electron-transport.ts';
import { webTransport } from './web-transport.ts';

export function connect(): Connection {
  return openConnection(window.flawsmith === undefined ? webTransport : electronTransport(window.flawsmith));
}
