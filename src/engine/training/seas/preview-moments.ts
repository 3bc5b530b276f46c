// When a training shows how far it has come: before it begins, often in its first steps, and at its end. A moment costs
// as much as three updates.

const SHARES = [0, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1] as const;

/** Numbers of updates after which pictures are made; ascending. */
export function previewMoments(steps: number): number[] {
  return [...new Set(SHARES.map((share) => Math.round(share * steps)))];
}
