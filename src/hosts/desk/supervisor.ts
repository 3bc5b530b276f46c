// Starts, watches and restarts the engine process for the one workspace that is open. Nothing is replayed: windows are
// told that their channel is gone, take a new one, and what ran can be resumed from the store.

import { AppError } from '../../core/base/errors.ts';
import type { PlainError } from '../../core/domain/run.ts';
import { type FromEngine, PROTOCOL } from '../engine/protocol.ts';
import type { EngineProcess, ForkEngine } from './engine-process.ts';

export type EngineState = 'none' | 'starting' | 'ready' | 'restarting' | 'failed';

export interface SupervisorState {
  readonly engine: EngineState;
  readonly generation: number;
  readonly folder: string | null;
  readonly error: PlainError | null;
}

/** A window's end of a channel. */
export interface ChannelListener {
  receive(message: string | Uint8Array): void;
  /** The engine is gone or listens no longer. */
  closed(): void;
}

export interface Channel {
  send(message: string | Uint8Array): void;
  close(): void;
}

/** After so many deaths within the span there is a fault that a restart does not cure. */
const STRIKES = 5;
const STRIKE_SPAN_MS = 60_000;
/** A restart waits a little longer each time. */
const RESTART_MS = 200;
/** An engine that does not close in this time is ended. */
const CLOSE_MS = 10_000;

export class Supervisor {
  readonly #fork: ForkEngine;
  readonly #changed: () => void;
  readonly #networkRefused: () => void;
  #state: SupervisorState = { engine: 'none', generation: 0, folder: null, error: null };
  #process: EngineProcess | null = null;
  readonly #channels = new Map<number, ChannelListener>();
  #lastChannel = 0;
  #deaths: number[] = [];
  #restart: ReturnType<typeof setTimeout> | null = null;

  constructor(fork: ForkEngine, changed: () => void, networkRefused: () => void) {
    this.#fork = fork;
    this.#changed = changed;
    this.#networkRefused = networkRefused;
  }

  get state(): SupervisorState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Opens a workspace in a new engine; the one before is closed first. Throws what opening throws. */
  async open(folder: string, create: boolean): Promise<void> {
    await this.close();
    this.#deaths = [];
    this.#set({ engine: 'starting', folder, error: null });
    const refused = await this.#start(folder, create);
    if (refused === null) return;
    this.#set({ engine: 'none', folder: null, error: null });
    const { code, message, file, hint } = refused;
    throw new AppError(code, message, { file, hint });
  }

  /** Stops what runs (it can be resumed) and lets go of the workspace. */
  async close(): Promise<void> {
    if (this.#restart !== null) clearTimeout(this.#restart);
    this.#restart = null;
    const engine = this.#process;
    this.#process = null;
    if (engine !== null) await ended(engine);
    this.#dropChannels();
    if (this.#state.engine !== 'none') this.#set({ engine: 'none', folder: null, error: null });
  }

  /** A new channel to the engine; null while there is none. */
  connect(listener: ChannelListener): Channel | null {
    const engine = this.#process;
    if (engine === null || this.#state.engine !== 'ready') return null;
    const channel = ++this.#lastChannel;
    this.#channels.set(channel, listener);
    return {
      send: (data) => {
        if (this.#channels.has(channel)) engine.send({ kind: 'message', channel, data });
      },
      close: () => {
        if (this.#channels.delete(channel)) engine.send({ kind: 'gone', channel });
      },
    };
  }

  /** Resolves when the engine is ready (null) or has refused the workspace. */
  #start(folder: string, create: boolean): Promise<PlainError | null> {
    const engine = this.#fork();
    this.#process = engine;
    return new Promise((resolve) => {
      engine.onMessage((message) => {
        if (this.#process !== engine) return;
        const answer = this.#hear(engine, message, folder, create);
        if (answer !== undefined) resolve(answer);
      });
      engine.onExit((reason) => {
        resolve({ code: 'runtime', message: `the engine ended while it opened the workspace (${reason})` });
        if (this.#process === engine) this.#died(folder, reason);
      });
    });
  }

  #hear(
    engine: EngineProcess,
    message: FromEngine,
    folder: string,
    create: boolean,
  ): PlainError | null | undefined {
    switch (message.kind) {
      case 'hello':
        if (message.protocol === PROTOCOL) engine.send({ kind: 'open', folder, create });
        else
          return this.#refuse(engine, { code: 'internal', message: 'internal: engine of another version' });
        return undefined;
      case 'opened':
        this.#set({ engine: 'ready', generation: this.#state.generation + 1, error: null });
        return null;
      case 'refused':
        return this.#refuse(engine, message.error);
      case 'message':
        this.#channels.get(message.channel)?.receive(message.data);
        return undefined;
      case 'broken':
        this.#channels.get(message.channel)?.closed();
        this.#channels.delete(message.channel);
        engine.send({ kind: 'gone', channel: message.channel });
        return undefined;
      case 'network-refused':
        this.#networkRefused();
        return undefined;
      case 'closed':
        return undefined;
    }
  }

  #refuse(engine: EngineProcess, error: PlainError): PlainError {
    this.#process = null;
    engine.kill();
    return error;
  }

  #died(folder: string, reason: string): void {
    this.#process = null;
    const wasOpening = this.#state.engine === 'starting';
    this.#dropChannels();
    if (wasOpening) return;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < STRIKE_SPAN_MS), now];
    const message = `the engine ended (${reason})`;
    if (this.#deaths.length >= STRIKES) {
      const hint = 'Open the workspace again. What was accepted or painted is kept; runs can be resumed.';
      this.#set({
        engine: 'failed',
        error: { code: 'runtime', message: `${message} again and again`, hint },
      });
      return;
    }
    this.#set({ engine: 'restarting', error: { code: 'runtime', message } });
    this.#restart = setTimeout(() => void this.#again(folder), RESTART_MS * this.#deaths.length);
  }

  async #again(folder: string): Promise<void> {
    this.#restart = null;
    const refused = await this.#start(folder, false);
    // A death has planned the next restart by now; only a refusal has not.
    if (refused !== null && this.#restart === null && this.#state.engine === 'restarting')
      this.#set({ engine: 'failed', error: refused });
  }

  #dropChannels(): void {
    const listeners = [...this.#channels.values()];
    this.#channels.clear();
    for (const listener of listeners) listener.closed();
  }

  #set(change: Partial<SupervisorState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }
}

async function ended(engine: EngineProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => engine.kill(), CLOSE_MS);
    engine.onExit(() => {
      clearTimeout(late);
      resolve();
    });
    engine.send({ kind: 'close' });
  });
}
