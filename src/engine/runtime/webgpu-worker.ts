// Entry of the one process that touches WebGPU. Requests are answered one after the other, on one thread: two
// threads in the provider at once crash it.

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
process.on('message', (request: GpuRequest) => {
  last = last.then(async () => {
    process.send?.(await reply(request));
  });
});
// Without the engine there is nothing left to do.
process.on('disconnect', () => process.exit(0));
