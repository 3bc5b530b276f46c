// Finds the good picture that looks most like another one: what its defect is seen against.

import { encodeThumb } from '../imaging/thumb-vector.ts';
import type { ReadableDb } from '../store/database.ts';
import type { LabelledImage } from '../store/images.ts';
import type { ReadableWorkspace } from '../workspace.ts';

/** Good pictures that are compared; of more an even choice. */
const MOST = 48;
const KEPT = 4096;

/** Small versions by content, as long as the engine runs. */
const thumbs = new Map<string, Promise<Float32Array | null>>();

/** Null where there is no good picture of the same size. */
export async function nearestNormal(
  workspace: ReadableWorkspace,
  image: LabelledImage,
): Promise<string | null> {
  const candidates = chooseNormals(workspace.db, image);
  const own = await thumbOf(workspace, image.blob);
  if (own === null) return candidates[0]?.id ?? null;
  let best: { id: string; distance: number } | null = null;
  for (const { id, blob } of candidates) {
    const other = await thumbOf(workspace, blob);
    if (other === null) continue;
    const distance = distanceOf(own, other);
    if (best === null || distance < best.distance) best = { id, distance };
  }
  return best?.id ?? null;
}

function chooseNormals(db: ReadableDb, image: LabelledImage): { id: string; blob: string }[] {
  const all = db.all<{ id: string; blob: string }>(
    `SELECT id, blob FROM images WHERE product_id = @productId AND role = 'normal' AND superseded_by IS NULL
       AND width = @width AND height = @height AND blob <> @blob ORDER BY file, id`,
    { productId: image.productId, width: image.width, height: image.height, blob: image.blob },
  );
  const step = Math.max(1, all.length / MOST);
  return Array.from({ length: Math.min(MOST, all.length) }, (_, i) => all[Math.floor(i * step)]);
}

function thumbOf(workspace: ReadableWorkspace, blob: string): Promise<Float32Array | null> {
  let thumb = thumbs.get(blob);
  if (thumb === undefined) {
    if (thumbs.size >= KEPT) thumbs.clear();
    thumb = workspace.blobs
      .get(blob)
      .then(encodeThumb)
      .catch(() => null);
    thumbs.set(blob, thumb);
  }
  return thumb;
}

/** Sum of squared differences after taking out the brightness of the whole. */
function distanceOf(a: Float32Array, b: Float32Array): number {
  let shift = 0;
  for (let i = 0; i < a.length; i++) shift += a[i] - b[i];
  shift /= a.length;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i] - shift) ** 2;
  return sum;
}
