// Entry of the one process that touches WebGPU. Requests are answered one after the other, on one thread: two
// threads in the provider at once crash it.

import { openEngine } from './helper-parent.ts';
import { WebgpuDevice } from './webgpu-device.ts';
import { openDriver } from './webgpu-driver.ts';
import type { GpuReply, GpuRequest } from './webgpu-protocol.ts';

const device = new WebgpuDevice();

async function answer(request: GpuRequest): Promise<unknown> {
  switch (request.call) {
    case 'describe':
      return openDriver();
    case 'create':
      return device.create(request.ask);
    case 'upload':
      return device.upload(request.ask);
    case 'run':
      return device.run(request.ask);
    case 'download':
      return device.download(request.ask);
    case 'dispose':
      return device.dispose(request.ask);
    case 'release':
      return device.release(request.ask);
  }
}

async function reply(request: GpuRequest): Promise<GpuReply> {
  try {
    return { id: request.id, answer: await answer(request) };
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
}

let last: Promise<void> = Promise.resolve();
const send = openEngine((request) => {
  last = last.then(async () => send(await reply(request as GpuRequest)));
});
