// What an inpainting model sees beside a latent where all of the picture is to be painted.

import { type Backbone, latentLength, rowLength } from '../../backbones/backbone.ts';
import type { PosteriorEncoder } from './encode.ts';

/** Mask of ones and the latent of grey; empty for models that take the latent alone. */
export async function greyBeside(backbone: Backbone, encoder: PosteriorEncoder): Promise<Float32Array> {
  const length = rowLength(backbone) - latentLength(backbone);
  const out = new Float32Array(length);
  if (length === 0) return out;
  const { size } = backbone;
  const all = new Uint8Array(size * size).fill(1);
  const [{ mean }] = await encoder.encode([new Float32Array(3 * size * size)]);
  backbone.writeBeside(out, { hole: all, mark: all, blanked: backbone.normalize(mean) });
  return out;
}
