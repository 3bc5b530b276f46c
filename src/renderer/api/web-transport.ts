// The loopback web host: WebSockets to the address the page came from.

import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { Transport } from './transport.ts';

export const webTransport: Transport = {
  mediaBase: '/media',
  pathOfFile: () => null,
  sendsDrops: true,
  open(far, closed) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/${far}`);
      socket.binaryType = 'arraybuffer';
      let open = false;
      socket.addEventListener('open', () => {
        open = true;
        const port = Object.assign(socket, {
          postMessage: (data: string | ArrayBuffer) => socket.send(data),
        });
        resolve({ port: port as unknown as SupportedMessagePort, close: () => socket.close() });
      });
      socket.addEventListener('close', () => {
        if (open) closed();
        else reject(new Error('no connection'));
      });
    });
  },
};
