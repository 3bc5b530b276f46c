// Thread of one compute lane: holds a session and runs it when told. Results go straight into shared memory.

import { parentPort, workerData } from 'node:worker_threads';
import { type ParameterArrays, sumShare, updateShare } from '../../core/autodiff/parameter-passes.ts';
import { invariant } from '../../core/base/errors.ts';
import { createSession, feedTensor, type TensorData } from './executable.ts';
import type { LaneAnswer, LaneRequest, LaneSetup, ParameterPass } from './lanes.ts';
import { letGo } from './let-go.ts';

invariant(parentPort, 'a lane runs in a worker thread');
const port = parentPort;
const { model, threads, inputs, outputs, types } = workerData as LaneSetup;

const answer = (message: LaneAnswer) => port.postMessage(message);
let share: readonly ParameterArrays[] = [];

function pass(request: ParameterPass): LaneAnswer {
  if (request.pass === 'share') share = request.arrays;
  else if (request.pass === 'update') updateShare(share, request.numbers);
  else return { ok: true, squares: sumShare(share) };
  return { ok: true };
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

try {
  const session = await createSession(model.slice(), threads);
  const fetches = Object.fromEntries(
    Object.entries(outputs).map(([name, data]) => [name, feedTensor(name, types[name], data)]),
  );
  const fed: Record<string, ReturnType<typeof feedTensor>> = {};
  port.on('message', async (request: LaneRequest) => {
    if (request === 'release') {
      await session.release();
      answer({ ok: true });
      port.close();
      return;
    }
    try {
      if ('pass' in request) {
        answer(pass(request));
        return;
      }
      for (const [name, data] of Object.entries(request.feeds)) {
        fed[name] = feedTensor(name, inputs[name], data);
      }
      const copies = await session.run(fed, fetches);
      // What was asked for lies in shared memory; the binding's own copies are not needed.
      letGo(Object.fromEntries(Object.entries(copies).map(([name, t]) => [name, t.data as TensorData])));
      answer({ ok: true });
    } catch (cause) {
      answer({ ok: false, reason: reasonOf(cause) });
    }
  });
  answer({ ok: true });
} catch (cause) {
  answer({ ok: false, reason: reasonOf(cause) });
}
