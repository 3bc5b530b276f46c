// The thread that kills its own process without warning, a while after it is told to begin.

import { workerData } from 'node:worker_threads';

const { flag, afterMs, delayMicros } = workerData as {
  flag: Int32Array;
  afterMs: number | null;
  delayMicros: number;
};
Atomics.wait(flag, 0, 0);
if (afterMs !== null) Atomics.wait(flag, 0, 1, afterMs);
const end = process.hrtime.bigint() + BigInt(delayMicros) * 1000n;
while (process.hrtime.bigint() < end);
process.kill(process.pid, 'SIGKILL');
