// A typed client over any message port: one for the window, the command line and tests.

import { type ClientContext, createORPCClient } from '@orpc/client';
import { RPCLink, type SupportedMessagePort } from '@orpc/client/message-port';
import type { FlawsmithClient } from './contract.ts';
import { fromWireError } from './errors.ts';

/** Calls cross the port as copies; every error arrives as an AppError. */
export function createClient(port: SupportedMessagePort): FlawsmithClient {
  return createORPCClient(createLink(port));
}

/** The way over a port without the methods' types: for whoever has a contract of his own, or changes ports. */
export function createLink(port: SupportedMessagePort): RPCLink<ClientContext> {
  return new RPCLink({
    port,
    interceptors: [
      async ({ next }) => {
        try {
          const output = await next();
          return isAsyncIterator(output) ? translating(output) : output;
        } catch (error) {
          throw fromWireError(error);
        }
      },
    ],
  });
}

function isAsyncIterator(value: unknown): value is AsyncIterableIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function translating(source: AsyncIterableIterator<unknown>): AsyncIterableIterator<unknown> {
  const guarded = async (
    step: Promise<IteratorResult<unknown>> | undefined,
  ): Promise<IteratorResult<unknown>> => {
    try {
      return (await step) ?? { done: true, value: undefined };
    } catch (error) {
      throw fromWireError(error);
    }
  };
  return {
    next: () => guarded(source.next()),
    return: (value) => guarded(source.return?.(value)),
    throw: (error) => guarded(source.throw?.(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
