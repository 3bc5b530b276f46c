// The graphics card as a choice for runs: whether it works, what it is called, whether it is one at all.

import { existsSync, readdirSync } from 'node:fs';
import { adapters } from './adapter-name.ts';
import { type GpuProbe, probeGpu } from './webgpu-probe.ts';

export type GpuState =
  | { readonly usable: false; readonly reason: string }
  | {
      readonly usable: true;
      readonly name: string;
      readonly memoryBytes: number | null;
      /** Emulated on the CPU: for tests, slower than the CPU itself. */
      readonly software: boolean;
    };

/** Windows' stand-in where no driver is installed. */
const STAND_IN = /^Microsoft (Basic|Remote)/;

async function describe(probe: GpuProbe): Promise<GpuState> {
  if (!probe.usable) return probe;
  const { hardware, name } = probe.driver;
  if (hardware === false) {
    return { usable: true, name: name ?? 'software renderer', memoryBytes: null, software: true };
  }
  const known = await adapters();
  const cards = known.filter((a) => !STAND_IN.test(a.name));
  if (hardware === null && known.length > 0 && cards.length === 0) {
    return { usable: true, name: known[0].name, memoryBytes: null, software: true };
  }
  const names = cards.map((a) => a.name).join(' or ');
  const memoryBytes = cards.length === 1 ? cards[0].memoryBytes : null;
  return { usable: true, name: names || 'graphics card', memoryBytes, software: false };
}

let known: Promise<GpuState> | null = null;

/** Asked once per process: a driver does not change under it. */
export function gpuState(): Promise<GpuState> {
  known ??= probeGpu().then(describe);
  return known;
}

/** Where this is false there is no card to ask for: Linux shows each as a device node. */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  if (existsSync('/dev/dxg')) return true;
  const nodes = (folder: string, pattern: RegExp) =>
    existsSync(folder) && readdirSync(folder).some((name) => pattern.test(name));
  return nodes('/dev/dri', /^renderD\d+$/) || nodes('/dev', /^nvidia\d+$/);
}
