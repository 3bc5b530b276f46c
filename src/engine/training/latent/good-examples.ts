// Drawn windows with holes as the denoiser is trained on them: encoded whole and with the hole grey.

import type { Mask, Planes } from '../../../core/image/raster.ts';
import { blanked } from '../../backbones/backbone.ts';
import type { LatentNetworks } from '../../backbones/latent-networks.ts';

/** A window with its hole. */
export interface HoleWindow {
  /** [3,S,S] 0..1 */
  readonly image: Planes;
  readonly hole: Mask;
  /** Where a window pack shall draw a defect; all zero to repair. */
  readonly mark: Mask;
  readonly prompt: readonly number[];
}

export interface HoleExample {
  /** Normalised latents [C,h,w]. */
  readonly latent: Float32Array;
  readonly blanked: Float32Array;
  readonly hole: Uint8Array;
  readonly mark: Uint8Array;
  readonly prompt: readonly number[];
}

export const signed = (image: Planes): Float32Array => image.data.map((v) => 2 * v - 1);

export async function encodeHoles(
  networks: LatentNetworks,
  windows: readonly HoleWindow[],
): Promise<HoleExample[]> {
  const images = windows.map((w) => signed(w.image));
  const latents = await networks.encode(images);
  const greyed = await networks.encode(images.map((image, i) => blanked(image, windows[i].hole.data)));
  return windows.map((w, i) => ({
    latent: latents[i],
    blanked: greyed[i],
    hole: w.hole.data,
    mark: w.mark.data,
    prompt: w.prompt,
  }));
}
