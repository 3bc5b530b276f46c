// The engine's side of the process that touches WebGPU: starts it, asks it, notices its death.

import { AppError } from '../../core/base/errors.ts';
import { type HelperProcess, startHelper } from './helper-process.ts';
import type { GpuCall, GpuCalls, GpuReply } from './webgpu-protocol.ts';

export interface GpuProcessOptions {
  /** Environment of the process; drivers are chosen by it (VK_DRIVER_FILES). Default: ours. */
  readonly env?: NodeJS.ProcessEnv;
}

interface Pending {
  resolve(answer: never): void;
  reject(error: Error): void;
}

const WORKER = new URL('./webgpu-worker.ts', import.meta.url);
/** The end of what drivers print, for messages. */
const KEPT_CHARACTERS = 2000;

/** The device itself is gone, as opposed to one call that it refused. */
export class GpuLost extends AppError {
  constructor(reason: string, cause?: unknown) {
    super(
      'runtime',
      `the graphics card stopped working: ${reason}`,
      {
        resumable: true,
        hint: 'If it happens again, update the graphics driver, or start a new run with --device cpu.',
      },
      cause,
    );
  }
}

export class GpuProcess {
  readonly #helper: HelperProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #stderr = '';
  #ended: GpuLost | null = null;
  #closing = false;

  constructor(options: GpuProcessOptions = {}) {
    this.#helper = startHelper(WORKER, options.env ?? process.env, {
      message: (reply) => this.#settle(reply as GpuReply),
      output: (text) => {
        this.#stderr = (this.#stderr + text).slice(-KEPT_CHARACTERS);
      },
      ended: (reason) => this.#end(reason),
    });
    this.#idle();
  }

  /** Process id, for tests and messages. */
  get pid(): number | undefined {
    return this.#helper.pid;
  }

  /** Last lines that the driver printed. */
  get driverOutput(): string {
    return this.#stderr.trim();
  }

  /** Answers in the order of the questions. Throws `GpuLost` when the device is gone, AppError `runtime` otherwise. */
  call<K extends GpuCall>(call: K, ask: GpuCalls[K]['ask']): Promise<GpuCalls[K]['answer']> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#pending.size === 0) this.#busy();
      this.#pending.set(id, { resolve, reject });
      this.#helper.send({ id, call, ask });
    });
  }

  /** Ends the process at once: nothing on the device is of use any more. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#helper.kill();
  }

  #settle(reply: GpuReply): void {
    const waiting = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#idle();
    if (!waiting) return;
    if ('error' in reply) waiting.reject(refusal(reply.error));
    else waiting.resolve(reply.answer as never);
  }

  #end(reason: string): void {
    this.#ended ??= new GpuLost(this.#closing ? 'it was switched off' : reason);
    for (const waiting of this.#pending.values()) waiting.reject(this.#ended);
    this.#pending.clear();
  }

  /** A process that waits for nothing keeps nobody alive. */
  #idle(): void {
    this.#helper.hold(false);
  }

  #busy(): void {
    this.#helper.hold(true);
  }
}

/** ONNX Runtime's reason without its terminal colours. */
function refusal(text: string): AppError {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const reason = text.replace(/\u001b\[[0-9;]*m/g, '').trim();
  if (/device.{0,3} is lost|device lost|DEVICE_LOST/i.test(reason)) return new GpuLost(reason);
  return new AppError('runtime', `the graphics card refused a computation: ${reason}`, {
    hint: 'It may be short of memory: close other programs, or use --device cpu.',
  });
}
