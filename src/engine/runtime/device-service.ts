// The devices of this PC that runs can use, told honestly: today the CPU provider.

import { availableParallelism, cpus, totalmem } from 'node:os';
import type { DeviceService } from '../services.ts';
import { RUNTIME_VERSION } from './executable.ts';
import { LOWERING_PROFILE } from './lowering-profile.ts';

/** Threads of the one compute pool. */
export function computeThreads(): number {
  return Math.max(1, availableParallelism());
}

export const deviceService: DeviceService = {
  async list() {
    return [
      {
        id: 'cpu',
        name: cpus()[0]?.model.trim() ?? 'CPU',
        kind: 'cpu',
        threads: computeThreads(),
        memoryBytes: totalmem(),
        chosen: true,
        note: 'graphics cards are not used by this version',
      },
    ];
  },
  async profile() {
    return {
      device: 'cpu',
      threads: computeThreads(),
      runtimeVersion: RUNTIME_VERSION,
      loweringProfile: LOWERING_PROFILE.name,
    };
  },
};
