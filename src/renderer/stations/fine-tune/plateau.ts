// Whether a loss has stopped falling.

/** So many points are needed before anything is said. */
const FEWEST = 12;
/** A fall by less than this share of the loss is none. */
const LEAST_FALL = 0.005;

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/**
 * Updates since the loss was last seen falling; null while it falls, or while too little is known. The last third of
 * the points is compared with the third before it: single points jump.
 */
export function flatFor(points: readonly { step: number; loss: number }[]): number | null {
  if (points.length < FEWEST) return null;
  const third = Math.floor(points.length / 3);
  const late = points.slice(-third);
  const before = points.slice(-2 * third, -third);
  const [now, then] = [mean(late.map(({ loss }) => loss)), mean(before.map(({ loss }) => loss))];
  if (then - now > LEAST_FALL * Math.abs(then)) return null;
  return late[late.length - 1].step - before[0].step;
}
