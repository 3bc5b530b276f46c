// synthetic.txt: the generated pictures of an export, for tools that read no manifest.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import type { Manifest } from './manifest.ts';

export const SYNTHETIC_FILE = 'synthetic.txt';

/** One path per line, sorted by code point; empty where every picture is a photo. */
export function formatSyntheticList(manifest: Pick<Manifest, 'generated'>): string {
  const files = manifest.generated.map((g) => g.file).sort(compareCodePoints);
  return files.map((file) => `${file}\n`).join('');
}
