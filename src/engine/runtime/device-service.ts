// The devices of this PC that runs can use, told honestly, and which one a run gets.

import { availableParallelism, cpus, totalmem } from 'node:os';
import { AppError } from '../../core/base/errors.ts';
import { WEBGPU_LOWERING } from '../../core/onnx/webgpu-lowering.ts';
import type { DeviceChoice, DeviceInfo, DeviceService, RuntimeProfile } from '../services.ts';
import { RUNTIME_VERSION } from './executable.ts';
import { type GpuState, gpuState, mayHaveGpu } from './gpu-service.ts';
import { LOWERING_PROFILE } from './lowering-profile.ts';

/** Threads of the one compute pool. */
export function computeThreads(): number {
  return Math.max(1, availableParallelism());
}

const cpuName = () => cpus()[0]?.model.trim() ?? 'CPU';

const SOFTWARE = 'a software stand-in for a graphics card: slower than the CPU, for tests only';

function gpuRow(state: GpuState, chosen: boolean): DeviceInfo {
  const row = { id: 'gpu', kind: 'gpu' as const, threads: null, chosen, usable: state.usable };
  if (!state.usable)
    return { ...row, name: 'graphics card', memoryBytes: null, note: `cannot be used: ${state.reason}` };
  const note = state.software ? `${SOFTWARE}; used only with --device gpu` : null;
  return { ...row, name: state.name, memoryBytes: state.memoryBytes, note };
}

/** `auto` takes a card that works and is one. */
const autoTakes = (state: GpuState) => state.usable && !state.software;

function cpuProfile(): RuntimeProfile {
  return {
    device: 'cpu',
    deviceName: cpuName(),
    threads: computeThreads(),
    runtimeVersion: RUNTIME_VERSION,
    loweringProfile: LOWERING_PROFILE.name,
    warning: null,
  };
}

export const deviceService: DeviceService = {
  async list() {
    const gpu = await gpuState();
    const cpu: DeviceInfo = {
      id: 'cpu',
      name: cpuName(),
      kind: 'cpu',
      threads: computeThreads(),
      memoryBytes: totalmem(),
      chosen: !autoTakes(gpu),
      usable: true,
      note: null,
    };
    return [cpu, gpuRow(gpu, autoTakes(gpu))];
  },
  async profile(choice: DeviceChoice) {
    const cpu = cpuProfile();
    if (choice === 'cpu' || (choice === 'auto' && !mayHaveGpu())) return cpu;
    const gpu = await gpuState();
    if (choice === 'auto' && !autoTakes(gpu)) return cpu;
    if (!gpu.usable) {
      throw new AppError('unsupported', `the graphics card cannot be used: ${gpu.reason}`, {
        hint: 'Use --device cpu. "flawsmith devices" shows what works here.',
      });
    }
    return {
      ...cpu,
      device: 'gpu',
      deviceName: gpu.name,
      loweringProfile: WEBGPU_LOWERING.name,
      warning: gpu.software ? `${gpu.name} is ${SOFTWARE}` : null,
    };
  },
};
