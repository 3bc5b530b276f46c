// What the graphics cards of this PC are called. WebGPU in Node does not say, so the system is asked.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface Adapter {
  readonly name: string;
  /** Own memory, where the system tells. */
  readonly memoryBytes: number | null;
}

const VENDORS: Readonly<Record<string, string>> = {
  '0x1002': 'AMD',
  '0x10de': 'NVIDIA',
  '0x8086': 'Intel',
  '0x106b': 'Apple',
  '0x1af4': 'virtio',
  '0x5143': 'Qualcomm',
};
const PATIENCE_MS = 10_000;

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** NVIDIA's driver tells the model; others have numbers in sysfs: vendor, device, and AMD its memory. */
function linuxAdapters(): Adapter[] {
  const nvidia = entries('/proc/driver/nvidia/gpus').flatMap((gpu) => {
    const model = /^Model:\s*(.+)$/m.exec(read(`/proc/driver/nvidia/gpus/${gpu}/information`) ?? '')?.[1];
    return model ? [{ name: model, memoryBytes: null }] : [];
  });
  const others = entries('/sys/class/drm')
    .filter((name) => /^renderD\d+$/.test(name))
    .flatMap((name) => {
      const at = `/sys/class/drm/${name}/device`;
      const vendor = read(`${at}/vendor`);
      if (vendor === null || (vendor === '0x10de' && nvidia.length > 0)) return [];
      const memory = Number(read(`${at}/mem_info_vram_total`));
      const label = `${VENDORS[vendor] ?? 'graphics'} ${vendor.slice(2)}:${read(`${at}/device`)?.slice(2)}`;
      return [{ name: label, memoryBytes: memory > 0 ? memory : null }];
    });
  return [...nvidia, ...others];
}

const run = promisify(execFile);

async function answerOf(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, [...args], { timeout: PATIENCE_MS, windowsHide: true })).stdout;
  } catch {
    return '';
  }
}

async function macAdapters(): Promise<Adapter[]> {
  const text = await answerOf('system_profiler', ['SPDisplaysDataType', '-json']);
  try {
    const cards: { sppci_model?: string }[] = JSON.parse(text).SPDisplaysDataType;
    return cards.flatMap((c) => (c.sppci_model ? [{ name: c.sppci_model, memoryBytes: null }] : []));
  } catch {
    return [];
  }
}

async function windowsAdapters(): Promise<Adapter[]> {
  const script = '(Get-CimInstance Win32_VideoController).Name';
  const names = (await answerOf('powershell.exe', ['-NoProfile', '-Command', script])).split(/\r?\n/);
  return names.flatMap((line) => (line.trim() ? [{ name: line.trim(), memoryBytes: null }] : []));
}

/** All that the system knows of; which of them a driver takes is its own choice (the fastest). */
export async function adapters(): Promise<Adapter[]> {
  if (process.platform === 'linux') return linuxAdapters();
  if (process.platform === 'darwin') return macAdapters();
  return process.platform === 'win32' ? windowsAdapters() : [];
}
