// Which Vulkan driver this process has open. The binding names no adapter, but on Linux a hardware driver holds a
// device node open and Mesa's software one runs threads of its name.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { GpuDriver } from './webgpu-protocol.ts';

const HARDWARE_NODE = /^\/dev\/(dri\/renderD\d+|nvidia\d+|dxg)$/;

function each<T>(folder: string, read: (entry: string) => T): T[] {
  return readdirSync(folder).flatMap((entry) => {
    try {
      return [read(`${folder}/${entry}`)];
    } catch {
      return []; // closed or ended meanwhile
    }
  });
}

/** Call after a session was made. */
export function openDriver(): GpuDriver {
  if (process.platform !== 'linux') return { hardware: null, name: null };
  const node = each('/proc/self/fd', (file) => readlinkSync(file)).find((path) => HARDWARE_NODE.test(path));
  if (node) return { hardware: true, name: node };
  const threads = each('/proc/self/task', (task) => readFileSync(`${task}/comm`, 'utf8'));
  const mesa = threads.some((name) => name.startsWith('llvmpipe'));
  return { hardware: false, name: mesa ? 'llvmpipe (Mesa)' : null };
}
