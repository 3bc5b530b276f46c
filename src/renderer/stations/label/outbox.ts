// Carries changes to the engine in the order they were made, again and again until they are stored: a stroke waits out
// a restart of the engine. Sending twice is harmless.

import type { FlawsmithClient } from '../../../contract/contract.ts';
import { AppError } from '../../../core/base/errors.ts';
import { createStore } from '../../api/index.ts';
import { showError } from '../../ui/index.ts';

export interface Letter {
  /** What belongs together: after a refusal the rest of it is dropped. */
  readonly about: string;
  send(engine: FlawsmithClient): Promise<unknown>;
  refused(error: unknown): void;
}

const RETRY_MS = 250;

class Outbox {
  /** Changes that are not stored yet. */
  readonly waiting = createStore(0);
  #letters: { letter: Letter; engine: FlawsmithClient }[] = [];
  #isSending = false;
  #idle: (() => void)[] = [];

  put(engine: FlawsmithClient, letter: Letter): void {
    this.#letters.push({ letter, engine });
    this.waiting.set(this.#letters.length);
    if (!this.#isSending) void this.#send();
  }

  /** Resolves when everything is stored. */
  empty(): Promise<void> {
    if (this.#letters.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    let wasTold = false;
    while (this.#letters.length > 0) {
      const { letter, engine } = this.#letters[0];
      try {
        await letter.send(engine);
        this.#letters.shift();
        wasTold = false;
      } catch (error) {
        if (isPassing(error)) {
          if (isForUser(error) && !wasTold) showError(error);
          wasTold ||= isForUser(error);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        this.#letters = this.#letters.filter((other) => other.letter.about !== letter.about);
        letter.refused(error);
      }
      this.waiting.set(this.#letters.length);
    }
    this.#isSending = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** Whether it may work the next time: after a restart of the engine, or once the user has made room. */
function isPassing(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'runtime' || isForUser(error));
}

/** Conditions of the disk that only the user can change; what is painted waits for it. */
function isForUser(error: unknown): boolean {
  return error instanceof AppError && ['no-space', 'read-only', 'locked'].includes(error.code);
}

export const outbox = new Outbox();

// The browser asks before it closes a page with changes that are not stored.
window.addEventListener('beforeunload', (event) => {
  if (outbox.waiting.get() > 0) event.preventDefault();
});
