// Progress over two passes of equal weight: writing (or checking) every picture, then importing the whole.

type Report = (done: number, total: number) => void;

/** `first` and `second` report of their own pass; `onProgress` hears of both together. */
export function twoPasses(onProgress: Report | undefined): { first: Report; second: Report } {
  return {
    first: (done, total) => onProgress?.(done, 2 * total),
    second: (done, total) => onProgress?.(total + done, 2 * total),
  };
}
