// The networks of a fixture folder, for the samplers that call them.

/** All arrays flat float32; shapes [B,C,H,W] and [B,tokens,width]. */
export interface ParityNetworks {
  /** UNet output for one timestep, shape of `x`. */
  unet(x: Float32Array, shape: readonly number[], t: number, context: Float32Array): Promise<Float32Array>;
  /** Posterior of a picture [B,3,H,W] in -1..1: mean and log variance (clamped), each [B,C,H/f,W/f]; unscaled. */
  encode(
    image: Float32Array,
    shape: readonly number[],
  ): Promise<{ mean: Float32Array; logvar: Float32Array }>;
  /** Picture of an unscaled latent [B,C,h,w]. */
  decode(latents: Float32Array, shape: readonly number[]): Promise<Float32Array>;
  /** VAE scaling factor, 0.18215 for SD 1.x. */
  readonly scalingFactor: number;
  close(): Promise<void>;
}

/** Builds the networks of `dir`, or null while there is nothing to build them with. */
export async function loadNetworks(_dir: string): Promise<ParityNetworks | null> {
  return null;
}
