// A way to the other side that lasts: calls made while it is away wait for it, calls cut off by its end say so.

import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { createLink } from '../../contract/client.ts';
import type { AppError } from '../../core/base/errors.ts';
import type { OpenPort } from './transport.ts';

type Target = { readonly link: ClientLink<ClientContext>; readonly opened: OpenPort; gone: boolean };

export class LastingLink implements ClientLink<ClientContext> {
  #target: Target | null = null;
  /** Why calls cannot wait; null while they can. */
  #refusal: AppError | null = null;
  #waiting: (() => void)[] = [];
  readonly #lost: () => AppError;

  /** `lost` makes the error of calls that were cut off. */
  constructor(lost: () => AppError) {
    this.#lost = lost;
  }

  /** Uses a port from now on. */
  connect(opened: OpenPort): void {
    this.#target = { link: createLink(opened.port), opened, gone: false };
    this.#refusal = null;
    this.#wake();
  }

  /** The port is gone; calls wait for the next one, or are refused. */
  disconnect(refusal: AppError | null = null): void {
    const target = this.#target;
    this.#target = null;
    this.#refusal = refusal;
    if (target !== null) {
      target.gone = true;
      target.opened.close();
    }
    if (refusal !== null) this.#wake();
  }

  async call(
    path: readonly string[],
    input: unknown,
    options: ClientOptions<ClientContext>,
  ): Promise<unknown> {
    const target = await this.#ready(options.signal);
    try {
      const output = await target.link.call(path, input, options);
      return isIterator(output) ? this.#guarded(output, target) : output;
    } catch (error) {
      throw this.#explained(error, target, options.signal);
    }
  }

  async #ready(signal: AbortSignal | undefined): Promise<Target> {
    while (this.#target === null) {
      if (this.#refusal !== null) throw this.#refusal;
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return this.#target;
  }

  async *#guarded(source: AsyncIterable<unknown>, target: Target): AsyncGenerator<unknown> {
    try {
      yield* source;
    } catch (error) {
      throw this.#explained(error, target, undefined);
    }
  }

  #explained(error: unknown, target: Target, signal: AbortSignal | undefined): unknown {
    return target.gone && !signal?.aborted ? this.#lost() : error;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

function isIterator(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
