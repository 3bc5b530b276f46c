// What both hosts with a window share: the supervised engine, the user's settings, and the host's own methods.

import { basename, resolve } from 'node:path';
import type { HostState } from '../../contract/host/host-contract.ts';
import { Signals } from '../../engine/jobs/signals.ts';
import type { ForkEngine } from './engine-process.ts';
import { HostFiles } from './host-files.ts';
import { type Channel, type ChannelListener, Supervisor } from './supervisor.ts';

/** What differs between the desktop and the browser. */
export interface Platform {
  readonly nativeDialogs: boolean;
  pick(request: PickRequest): Promise<string | null>;
  /** Shows a file in the file manager; null where that cannot be. */
  readonly reveal: ((path: string) => void) | null;
}

export interface PickRequest {
  what: 'folder' | 'file' | 'new-file';
  title: string;
  start?: string;
  endings: string[];
}

export interface DeskOptions {
  fork: ForkEngine;
  platform: Platform;
  /** Where settings are kept. */
  configFolder: string;
}

export class Desk {
  readonly platform: Platform;
  readonly files: HostFiles;
  readonly #supervisor: Supervisor;
  readonly #news = new Signals();
  #windows = 0;
  #blocked = 0;

  constructor({ fork, platform, configFolder }: DeskOptions) {
    this.platform = platform;
    this.files = new HostFiles(configFolder);
    this.#supervisor = new Supervisor(
      fork,
      () => this.#news.raise(),
      () => this.requestBlocked(),
    );
  }

  get state(): HostState {
    const { folder, ...engine } = this.#supervisor.state;
    return {
      ...engine,
      workspace: folder === null ? null : { folder, name: basename(folder) },
      requestsBlocked: this.#blocked,
      windows: this.#windows,
    };
  }

  get enginePid(): number | undefined {
    return this.#supervisor.pid;
  }

  /** The state now and whenever it changes. */
  async *watch(signal: AbortSignal): AsyncGenerator<HostState, void> {
    let last = '';
    while (!signal.aborted) {
      const state = this.state;
      const text = JSON.stringify(state);
      if (text === last) {
        await this.#news.next(signal);
        continue;
      }
      last = text;
      yield state;
    }
  }

  async open(folder: string, create: boolean): Promise<void> {
    const whole = resolve(folder);
    await this.#supervisor.open(whole, create);
    await this.files.opened(whole, Date.now());
  }

  close(): Promise<void> {
    return this.#supervisor.close();
  }

  connect(listener: ChannelListener): Channel | null {
    return this.#supervisor.connect(listener);
  }

  /** A window is there; the function given back says that it is gone. */
  windowOpened(): () => void {
    this.#count(1);
    let there = true;
    return () => {
      if (there) this.#count(-1);
      there = false;
    };
  }

  /** A request that would have left this PC was refused. */
  requestBlocked(): void {
    this.#blocked++;
    this.#news.raise();
  }

  #count(change: number): void {
    this.#windows += change;
    this.#news.raise();
  }
}
