// Helpers of an engine that cannot fork: asked for by name, spoken to over a port, their end is told once.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { HelperListener } from '../../../src/engine/runtime/helper-process.ts';
import { isHelperMessage, type ToHelpers } from '../../../src/hosts/engine/helper-protocol.ts';
import { type HelperPort, Helpers } from '../../../src/hosts/engine/helpers.ts';

function heard() {
  const events: unknown[] = [];
  const listener: HelperListener = {
    message: (message) => events.push(['message', message]),
    output: (text) => events.push(['output', text]),
    ended: (reason) => events.push(['ended', reason]),
  };
  return { events, listener };
}

/** A port of Node as Electron gives one: data in an event. */
function electronPort(port: MessageChannel['port1']): HelperPort {
  return {
    on: (_event, listener) => void port.on('message', (data) => listener({ data })),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}

test('what is sent before the port comes is not lost, and the end is told', async () => {
  const asked: ToHelpers[] = [];
  const helpers = new Helpers((message) => asked.push(message));
  const { events, listener } = heard();
  const file = pathToFileURL('/app/out/engine/webgpu-worker.js');
  const helper = helpers.start(file, { PATH: '/bin', NONE: undefined }, listener);
  assert.deepEqual(asked, [
    { kind: 'helper-start', helper: 1, name: 'webgpu-worker.js', env: { PATH: '/bin' } },
  ]);
  helper.send({ id: 1 });
  const { port1, port2 } = new MessageChannel();
  helpers.hear({ kind: 'helper-port', helper: 1 }, [electronPort(port1)]);
  const [first] = await once(port2, 'message');
  assert.deepEqual(first, { id: 1 });
  helper.send({ id: 2 });
  assert.deepEqual((await once(port2, 'message'))[0], { id: 2 });
  port2.postMessage({ id: 1, answer: new Float32Array([1.5]) });
  await once(port1, 'message');
  helpers.hear({ kind: 'helper-output', helper: 1, text: 'driver' }, []);
  const killed = helper.kill();
  assert.deepEqual(asked.at(-1), { kind: 'helper-kill', helper: 1 });
  helpers.hear({ kind: 'helper-ended', helper: 1, reason: 'code 9' }, []);
  await killed;
  helpers.hear({ kind: 'helper-ended', helper: 1, reason: 'again' }, []);
  await helper.kill();
  assert.deepEqual(events, [
    ['message', { id: 1, answer: new Float32Array([1.5]) }],
    ['output', 'driver'],
    ['ended', 'code 9'],
  ]);
});

test('messages about helpers are told from the others', () => {
  assert.equal(isHelperMessage({ kind: 'helper-ended', helper: 1, reason: '' }), true);
  for (const other of [{ kind: 'open' }, { kind: 1 }, null, 'helper-', undefined])
    assert.equal(isHelperMessage(other), false);
});
