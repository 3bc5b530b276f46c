// One run uses the device at a time: two thread pools on the same cores are many times slower than one.

/** Lets work in one after the other, in the order it came. */
export class DeviceTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for those before, then works; a signal that fires while it waits takes it out of the queue. */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const mine = (async () => {
      await before;
      signal.throwIfAborted();
      return work();
    })();
    this.#last = mine.catch(() => {});
    let stop = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
    });
    void before.then(() => signal.removeEventListener('abort', stop));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    return Promise.race([mine, aborted]);
  }
}
