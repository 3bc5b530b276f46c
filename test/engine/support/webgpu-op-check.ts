// One op case on the graphics card against the reference interpreter.

import assert from 'node:assert/strict';
import { interpret } from '../../../src/core/graph/interpret.ts';
import { compile } from '../../../src/engine/runtime/executable.ts';
import type { GpuProcess } from '../../../src/engine/runtime/webgpu-process.ts';
import { opProgram } from '../../core/autodiff/op-program.ts';
import type { OpCase } from '../../core/graph/op-cases.ts';

/** The value alone, or the gradients too; any node that would run on the CPU makes it fail. */
export async function checkOnGpu(gpu: GpuProcess, c: OpCase, what: 'value' | 'gradients'): Promise<void> {
  const { program, feeds } = opProgram(c);
  const asked = what === 'value' ? { outputs: { value: program.outputs.value } } : program;
  const expected = interpret(asked, feeds);
  const executable = await compile(asked, { threads: 1, gpu });
  const results = await executable.run(feeds);
  await executable.release();
  for (const [name, want] of Object.entries(expected)) {
    const scale = want.data.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
    results[name].forEach((v, i) => {
      const error = Math.abs(v - want.data[i]) / scale;
      assert.ok(error < 3e-5, `${name}[${i}]: ${v}, interpreter ${want.data[i]}`);
    });
  }
}
