// The engine process: forked by the web host (child_process) or by Electron's main process (utilityProcess), it opens
// one workspace and answers the windows' calls, each on its channel. It ends when its parent does.

import { toPlainError } from '../../contract/errors.ts';
import { createEngine, type Engine, type IncomingChannel } from '../../engine/create-engine.ts';
import { defaultServices } from '../../engine/default-services.ts';
import { ENGINE_VERSION } from '../../engine/version.ts';
import { refuseNetwork } from '../desk/refuse-network.ts';
import { openParent } from './parent.ts';
import { PROTOCOL, type ToEngine } from './protocol.ts';

const parent = openParent({ receive: (message) => void receive(message), lost: () => void close() });
const channels = new Map<number, IncomingChannel>();
let engine: Engine | null = null;
let closing = false;

refuseNetwork(() => parent.send({ kind: 'network-refused' }));

parent.send({ kind: 'hello', protocol: PROTOCOL, version: ENGINE_VERSION });

async function receive(message: ToEngine): Promise<void> {
  switch (message.kind) {
    case 'open':
      return open(message.folder, message.create);
    case 'message':
      return channelOf(message.channel)?.receive(message.data);
    case 'gone':
      channels.get(message.channel)?.close();
      channels.delete(message.channel);
      return;
    case 'close':
      return close();
  }
}

/** Opens for writing at once, so that a locked or damaged workspace is told before anything is shown. */
async function open(folder: string, create: boolean): Promise<void> {
  try {
    engine = createEngine({ folder, services: defaultServices() });
    await engine.open({ create });
    parent.send({ kind: 'opened' });
  } catch (error) {
    parent.send({ kind: 'refused', error: toPlainError(error) });
  }
}

function channelOf(channel: number): IncomingChannel | undefined {
  const known = channels.get(channel);
  if (known !== undefined || engine === null) return known;
  const added = engine.attach({
    send: (data) => parent.send({ kind: 'message', channel, data }),
    broken: () => parent.send({ kind: 'broken', channel }),
  });
  channels.set(channel, added);
  return added;
}

async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  for (const channel of channels.values()) channel.close();
  channels.clear();
  await engine?.close();
  parent.send({ kind: 'closed' });
  parent.end();
}
