// Arrays of a batch of windows.

import type { DetectorWindow } from '../../../core/recipes/detector/window.ts';

/** [N,3,S,S] of what `pick` gives for every window. */
export function stacked(
  windows: readonly DetectorWindow[],
  pick: (window: DetectorWindow) => ArrayLike<number>,
): Float32Array {
  const size = pick(windows[0]).length;
  const out = new Float32Array(windows.length * size);
  windows.forEach((window, i) => {
    out.set(pick(window), i * size);
  });
  return out;
}

/** Picture, mask and weak mark of every window, as inputs `image`, `mask` and `weak`. */
export function labelledFeeds(windows: readonly DetectorWindow[]): Record<string, Float32Array> {
  return {
    image: stacked(windows, (w) => w.image),
    mask: stacked(windows, (w) => w.mask),
    weak: Float32Array.from(windows, (w) => (w.weak ? 1 : 0)),
  };
}

/** Inputs `clean`, the window without its defect, and `unknown`, 1 where nobody knows what that looks like. */
export function cleanFeeds(windows: readonly DetectorWindow[]): Record<string, Float32Array> {
  const nothing = new Uint8Array(windows[0].mask.length);
  return {
    clean: stacked(windows, (w) => w.clean ?? w.image),
    unknown: stacked(windows, (w) => (w.clean ? nothing : w.mask)),
  };
}
