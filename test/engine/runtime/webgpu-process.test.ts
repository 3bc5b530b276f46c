// The process that touches WebGPU: refuses cleanly without a driver, dies without harm, lets the caller end.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { probeGpu } from '../../../src/engine/runtime/webgpu-probe.ts';
import { GpuLost, GpuProcess } from '../../../src/engine/runtime/webgpu-process.ts';

const linux = process.platform !== 'linux' && 'drivers are hidden through the environment on Linux only';
const withoutDriver = { ...process.env, VK_DRIVER_FILES: '/nothing', VK_ICD_FILENAMES: '/nothing' };

test('without a driver the probe says so', { skip: linux }, async () => {
  const probe = await probeGpu({ env: withoutDriver });
  assert.equal(probe.usable, false);
  assert.match((probe as { reason: string }).reason, /no graphics driver/);
});

test('a killed process rejects what was asked and everything after', async () => {
  const gpu = new GpuProcess();
  const asked = gpu.call('describe', {});
  process.kill(gpu.pid as number, 'SIGKILL');
  await assert.rejects(asked, (e: unknown) => e instanceof GpuLost && /stopped working/.test(e.message));
  await assert.rejects(gpu.call('describe', {}), GpuLost);
  await gpu.close();
});

test('what the provider refuses is an error of that call, and the process lives on', async () => {
  const gpu = new GpuProcess();
  const broken = gpu.call('create', { model: Uint8Array.of(1, 2, 3), outputs: {} });
  await assert.rejects(broken, (e: unknown) => e instanceof AppError && !(e instanceof GpuLost));
  assert.ok(await gpu.call('describe', {}));
  await gpu.close();
});

test('a process that nobody closed keeps nobody alive and goes with its parent', () => {
  const module = new URL('../../../src/engine/runtime/webgpu-process.ts', import.meta.url).href;
  const script = `
    const { GpuProcess } = await import(${JSON.stringify(module)});
    const gpu = new GpuProcess();
    await gpu.call('describe', {});
    console.log(gpu.pid);
  `;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(ran.status, 0, ran.stderr);
  const pid = Number(ran.stdout);
  const deadline = Date.now() + 20_000;
  const lives = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (lives() && Date.now() < deadline) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  assert.equal(lives(), false);
});
