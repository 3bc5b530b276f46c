// The desktop: ports handed over by the preload script, pictures from the page's own origin.

import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { Far, OpenPort, Transport } from './transport.ts';

/** What the preload script shows the page. */
export interface Bridge {
  /** Asks for a port; it arrives as a window message `{ flawsmith: 'port', far, id }`. */
  requestPort(far: Far, id: number): void;
  pathOfFile(file: File): string;
}

declare global {
  interface Window {
    readonly flawsmith?: Bridge;
  }
}

export function electronTransport(bridge: Bridge): Transport {
  let last = 0;
  return {
    sendsDrops: false,
    mediaBase: '/media',
    pathOfFile: (file) => bridge.pathOfFile(file) || null,
    open(far, closed) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        const arrived = ({ data, source, ports }: MessageEvent): void => {
          if (source !== window || data?.flawsmith !== 'port' || data.id !== id) return;
          window.removeEventListener('message', arrived);
          const [port] = ports;
          if (port === undefined) reject(new Error('no connection'));
          else resolve(opened(port, closed));
        };
        window.addEventListener('message', arrived);
        bridge.requestPort(far, id);
      });
    },
  };
}

function opened(port: MessagePort, closed: () => void): OpenPort {
  port.addEventListener('close', () => closed());
  port.start();
  return { port: port as unknown as SupportedMessagePort, close: () => port.close() };
}
