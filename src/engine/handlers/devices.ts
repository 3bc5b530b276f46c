// devices.list.

import type { EngineContext } from '../engine-context.ts';

export async function listDevices(context: EngineContext) {
  const { devices } = context.services;
  const { runtimeVersion } = await devices.profile('cpu');
  return { devices: await devices.list(), runtimeVersion };
}
