// What the engine's process tried is counted where the window reads it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Desk } from '../../../src/hosts/desk/desk.ts';
import { forkNode } from '../../../src/hosts/desk/fork-node.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';

const HOSTS = pathToFileURL(join(import.meta.dirname, '../../../src/hosts/'));

/** A process that speaks the engine's protocol and, once it is open, tries to reach a network twice. */
const ENTRY = `
import net from 'node:net';
import { refuseNetwork } from '${HOSTS}desk/refuse-network.ts';
import { openParent } from '${HOSTS}engine/parent.ts';
import { PROTOCOL } from '${HOSTS}engine/protocol.ts';
const parent = openParent({
  receive(message) {
    if (message.kind === 'close') parent.end();
    if (message.kind !== 'open') return;
    parent.send({ kind: 'opened' });
    net.connect(65530, '127.0.0.1').on('error', () => {});
    fetch('http://127.0.0.1:65530/').catch(() => {});
  },
  lost() {},
});
refuseNetwork(() => parent.send({ kind: 'network-refused' }));
parent.send({ kind: 'hello', protocol: PROTOCOL, version: 'test' });
`;

test('a connection that the engine tries is refused and counted', async (t) => {
  const folder = tempFolder(t);
  const entry = join(folder, 'engine.ts');
  writeFileSync(entry, ENTRY);
  const desk = new Desk({
    fork: () => forkNode(entry),
    platform: { nativeDialogs: false, pick: async () => null, reveal: null },
    configFolder: join(folder, 'config'),
  });
  t.after(() => desk.close());
  await desk.open(join(folder, 'workspace'), true);
  for await (const { requestsBlocked } of desk.watch(t.signal)) if (requestsBlocked === 2) break;
  assert.equal(desk.state.requestsBlocked, 2);
});
