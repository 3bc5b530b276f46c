// A helper's way to the engine: Node's IPC channel, or in Electron a port that comes with the first message.

/** The parts of Electron's ports that are needed. */
interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}
interface ParentPort {
  once(event: 'message', listener: (event: { ports: Port[] }) => void): void;
}

/** Gives what sends to the engine. Without the engine there is nothing left to do: then the process ends. */
export function openEngine(receive: (message: unknown) => void): (message: unknown) => void {
  const parent = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (parent === undefined) {
    process.on('message', receive);
    process.on('disconnect', () => process.exit(0));
    return (message) => void process.send?.(message);
  }
  let port: Port | undefined;
  parent.once('message', ({ ports }) => {
    [port] = ports;
    port.on('message', ({ data }) => receive(data));
    port.on('close', () => process.exit(0));
    port.start();
  });
  return (message) => port?.postMessage(message);
}
