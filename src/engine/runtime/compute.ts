// What a run computes on: the threads of this PC, or its graphics card in a process that ends with the run.

import type { RunDevice } from '../services.ts';
import { computeThreads } from './device-service.ts';
import type { CompileOptions } from './executable.ts';
import { loweringProfile } from './lowering-profile.ts';
import { GpuProcess } from './webgpu-process.ts';

export interface Compute {
  readonly options: CompileOptions;
  close(): Promise<void>;
}

/** Nothing that was compiled or held is of use after `close`. */
export function openCompute(device: RunDevice, lowerings: Readonly<Record<string, string>> = {}): Compute {
  const cpu: CompileOptions = { threads: computeThreads(), choice: loweringProfile(lowerings) };
  if (device === 'cpu') return { options: cpu, close: async () => {} };
  const gpu = new GpuProcess();
  return { options: { ...cpu, gpu }, close: () => gpu.close() };
}
