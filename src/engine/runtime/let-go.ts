// Memory of results given back at once: left to the garbage collector, several steps' worth of gradients pile up.

/** The arrays are empty afterwards; those in shared memory are left alone. */
export function letGo(arrays: Readonly<Record<string, ArrayBufferView>>): void {
  for (const { buffer } of Object.values(arrays)) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
