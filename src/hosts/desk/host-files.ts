// What a host remembers between starts: settings and recent workspaces, in one small file of the user's.

import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { HostSettings } from '../../contract/host/host-contract.ts';
import { atomicWrite } from '../../engine/blobs/atomic-write.ts';

const MOST_RECENT = 12;

const stored = z.object({
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  language: z.enum(['system', 'en', 'de']).catch('system'),
  recent: z.array(z.object({ folder: z.string(), openedAt: z.number() })).catch([]),
});
type Stored = z.infer<typeof stored>;

/** Where this system keeps such files. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32')
    return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Flawsmith');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Flawsmith');
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'flawsmith');
}

export class HostFiles {
  readonly #file: string;
  readonly #folder: string;
  #stored: Stored;
  #writing: Promise<void> = Promise.resolve();

  /** A file that is damaged or not there counts as empty. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, 'window.json');
    this.#stored = stored.parse(readJson(this.#file));
  }

  get settings(): HostSettings {
    const { theme, language } = this.#stored;
    return { theme, language };
  }

  get recent(): readonly { folder: string; openedAt: number }[] {
    return this.#stored.recent;
  }

  async put(change: Partial<HostSettings>): Promise<HostSettings> {
    await this.#store({ ...this.#stored, ...change });
    return this.settings;
  }

  opened(folder: string, at: number): Promise<void> {
    const others = this.#stored.recent.filter((entry) => entry.folder !== folder);
    const recent = [{ folder, openedAt: at }, ...others].slice(0, MOST_RECENT);
    return this.#store({ ...this.#stored, recent });
  }

  /** One write after the other; that it cannot be remembered stops nobody's work. */
  #store(next: Stored): Promise<void> {
    this.#stored = next;
    this.#writing = this.#writing.then(async () => {
      try {
        mkdirSync(this.#folder, { recursive: true });
        await atomicWrite(this.#file, `${JSON.stringify(next, null, 2)}\n`);
      } catch {}
    });
    return this.#writing;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch {
    return {};
  }
}
