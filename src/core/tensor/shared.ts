// Number arrays in memory that the threads of a process share: compute lanes read and write them without a copy.

/** Zeros. */
export const sharedFloats = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * length));

export const isShared = (array: ArrayBufferView): boolean => array.buffer instanceof SharedArrayBuffer;

/** A copy in shared memory. */
export function sharedCopy<T extends Float32Array | Int32Array>(array: T): T {
  const bytes = new SharedArrayBuffer(array.byteLength);
  const copy = array instanceof Float32Array ? new Float32Array(bytes) : new Int32Array(bytes);
  copy.set(array);
  return copy as T;
}
