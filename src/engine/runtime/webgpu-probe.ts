// Whether this PC's graphics card can compute: asked in a process of its own, which may crash or hang.

import { Builder } from '../../core/graph/builder.ts';
import { GpuProcess, type GpuProcessOptions } from './webgpu-process.ts';
import { GpuProgram } from './webgpu-program.ts';
import type { GpuDriver } from './webgpu-protocol.ts';

export type GpuProbe =
  | { readonly usable: true; readonly driver: GpuDriver }
  | { readonly usable: false; readonly reason: string };

/** A driver that takes longer for nine numbers hangs. */
const PATIENCE_MS = 30_000;

const A = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
const A_TIMES_A = [30, 36, 42, 66, 81, 96, 102, 126, 150];

async function multiply(process: GpuProcess): Promise<GpuProbe> {
  const b = new Builder();
  const a = b.input('a', [3, 3]);
  const program = await GpuProgram.create(process, { outputs: { y: b.matmul(a, a) } });
  const { y } = (await program.run({ a: A })).values;
  if (!A_TIMES_A.every((v, i) => y[i] === v)) return { usable: false, reason: 'it computes wrong numbers' };
  return { usable: true, driver: await process.call('describe', {}) };
}

/** The part of ONNX Runtime's message that a person can use. */
function plainReason(message: string): string {
  if (/Failed to get a WebGPU adapter/.test(message))
    return 'no graphics driver that supports Vulkan, D3D12 or Metal';
  return message.split('\n')[0];
}

export async function probeGpu(options: GpuProcessOptions = {}): Promise<GpuProbe> {
  const process = new GpuProcess(options);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<GpuProbe>((resolve) => {
    const reason = `the driver did not answer within ${PATIENCE_MS / 1000} seconds`;
    timer = setTimeout(() => resolve({ usable: false, reason }), PATIENCE_MS);
  });
  try {
    return await Promise.race([multiply(process), tooLong]);
  } catch (error) {
    return { usable: false, reason: plainReason(error instanceof Error ? error.message : String(error)) };
  } finally {
    clearTimeout(timer);
    await process.close();
  }
}
