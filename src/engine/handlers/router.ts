// The handlers as an exhaustive record over the contract: a method without one, or a wrong result, does not compile.

import { implement } from '@orpc/server';
import { contract } from '../../contract/contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { type Call, plainCall, streamCall } from './call.ts';
import { runDemo } from './demo.ts';
import { listDevices } from './devices.ts';
import { doctor } from './doctor.ts';
import { exportDataset, verifyExport } from './export.ts';
import { generate } from './generate.ts';
import { importDataset } from './import.ts';
import { inspectPack, listPacks } from './packs.ts';
import { decide, listPictures } from './review.ts';
import { train } from './train.ts';
import { workspaceInfo } from './workspace-info.ts';
import { initWorkspace } from './workspace-init.ts';

/** Lets the engine follow a call: it gets the call's signal joined with its own, and waits for the call when it closes. */
export type Track = <T>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

export function createRouter(context: EngineContext, track: Track) {
  const os = implement(contract);
  const short = <R>(signal: AbortSignal | undefined, work: () => Promise<R>) =>
    plainCall(() => track(signal, work));
  const long = <R extends object>(signal: AbortSignal | undefined, work: (call: Call) => Promise<R>) =>
    streamCall(signal ?? new AbortController().signal, (call) =>
      track(call.signal, (joined) => work({ ...call, signal: joined })),
    );

  return os.router({
    workspace: {
      init: os.workspace.init.handler(({ signal }) => short(signal, () => initWorkspace(context))),
      info: os.workspace.info.handler(({ signal }) => short(signal, () => workspaceInfo(context))),
      doctor: os.workspace.doctor.handler(({ input, signal }) =>
        long(signal, (call) => doctor(context, input, call)),
      ),
    },
    datasets: {
      import: os.datasets.import.handler(({ input, signal }) =>
        long(signal, (call) => importDataset(context, input, call)),
      ),
    },
    training: {
      train: os.training.train.handler(({ input, signal }) =>
        long(signal, (call) => train(context, input, call)),
      ),
    },
    generation: {
      generate: os.generation.generate.handler(({ input, signal }) =>
        long(signal, (call) => generate(context, input, call)),
      ),
    },
    review: {
      decide: os.review.decide.handler(({ input, signal }) => short(signal, () => decide(context, input))),
      list: os.review.list.handler(({ input, signal }) => short(signal, () => listPictures(context, input))),
    },
    exports: {
      export: os.exports.export.handler(({ input, signal }) =>
        long(signal, (call) => exportDataset(context, input, call)),
      ),
      verify: os.exports.verify.handler(({ input, signal }) =>
        long(signal, (call) => verifyExport(context, input, call)),
      ),
    },
    packs: {
      list: os.packs.list.handler(({ signal }) => short(signal, () => listPacks(context))),
      inspect: os.packs.inspect.handler(({ input, signal }) =>
        short(signal, () => inspectPack(context, input)),
      ),
    },
    devices: {
      list: os.devices.list.handler(({ signal }) => short(signal, () => listDevices(context))),
    },
    demo: {
      run: os.demo.run.handler(({ input, signal }) => long(signal, (call) => runDemo(context, input, call))),
    },
  });
}
