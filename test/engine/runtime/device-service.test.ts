// Which device a run gets, and what is said about those that do not work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { deviceService } from '../../../src/engine/runtime/device-service.ts';
import { gpuState } from '../../../src/engine/runtime/gpu-service.ts';

test('the list tells each device, why one cannot be used, and which is taken without a wish', async () => {
  const devices = await deviceService.list();
  assert.deepEqual(
    devices.map((d) => d.id),
    ['cpu', 'gpu'],
  );
  assert.equal(devices.filter((d) => d.chosen).length, 1);
  const [cpu, gpu] = devices;
  assert.ok(cpu.usable && cpu.memoryBytes);
  const state = await gpuState();
  assert.equal(gpu.usable, state.usable);
  if (!state.usable) assert.match(gpu.note ?? '', /cannot be used: ./);
  else assert.equal(gpu.chosen, !state.software, 'a software stand-in is not taken by itself');
  const auto = await deviceService.profile('auto');
  assert.equal(auto.device, devices.find((d) => d.chosen)?.id);
});

test('a wish is met or refused, never bent', async () => {
  assert.equal((await deviceService.profile('cpu')).device, 'cpu');
  const state = await gpuState();
  if (!state.usable) {
    await assert.rejects(deviceService.profile('gpu'), (e: unknown) => {
      return e instanceof AppError && e.code === 'unsupported' && /--device cpu/.test(e.details.hint ?? '');
    });
    return;
  }
  const profile = await deviceService.profile('gpu');
  assert.equal(profile.device, 'gpu');
  assert.notEqual(profile.loweringProfile, (await deviceService.profile('cpu')).loweringProfile);
  assert.equal(profile.warning !== null, state.software);
});
