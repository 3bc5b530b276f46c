// The networks of a fixture folder, for the samplers that call them.

import { Builder } from '../../src/core/graph/builder.ts';
import type { Value } from '../../src/core/graph/value.ts';
import { decodeLatent, encodeImage } from '../../src/core/nets/autoencoder-kl.ts';
import { Scope } from '../../src/core/nets/scope.ts';
import { unet } from '../../src/core/nets/unet-2d-condition.ts';
import { compile, type Executable, type TensorData } from '../../src/engine/runtime/executable.ts';
import { loadAutoencoder, loadUnet, modelFolders, THREADS } from './models.ts';

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

/** One compiled program per input shape: samplers call with few shapes, many times. */
class ProgramCache {
  readonly #known = new Map<string, Promise<Executable>>();

  get(key: string, build: () => Readonly<Record<string, Value>>): Promise<Executable> {
    const found = this.#known.get(key) ?? compile({ outputs: build() }, { threads: THREADS });
    this.#known.set(key, found);
    return found;
  }

  async close(): Promise<void> {
    for (const executable of this.#known.values()) await (await executable).release();
  }
}

/** Builds the networks of the folder's model, or null where there is none. */
export async function loadNetworks(dir: string): Promise<ParityNetworks | null> {
  const folder = modelFolders(dir, 'unet').find((name) => modelFolders(dir, 'vae').includes(name));
  if (folder === undefined) return null;
  const [net, vae] = [loadUnet(dir, folder), loadAutoencoder(dir, folder)];
  const programs = new ProgramCache();
  const floats = (x: TensorData): Float32Array => x as Float32Array;
  const unetProgram = (shape: readonly number[], tokens: number): Promise<Executable> =>
    programs.get(`unet ${shape} ${tokens}`, () => {
      const b = new Builder();
      const inputs = {
        sample: b.input('x', shape),
        timestep: b.input('t', [shape[0]]),
        encoderHiddenStates: b.input('context', [shape[0], tokens, net.config.crossAttentionDim]),
      };
      return { out: unet(new Scope(b), inputs, net.config).sample };
    });
  return {
    scalingFactor: vae.config.scalingFactor,
    async unet(x, shape, t, context) {
      const program = await unetProgram(shape, context.length / shape[0] / net.config.crossAttentionDim);
      const feeds = { ...net.weights, x, t: new Float32Array(shape[0]).fill(t), context };
      return floats((await program.run(feeds)).out);
    },
    async encode(image, shape) {
      const program = await programs.get(`encode ${shape}`, () => {
        const b = new Builder();
        const { mean, logVariance } = encodeImage(new Scope(b), b.input('image', shape), vae.config);
        return { mean, logvar: logVariance };
      });
      const { mean, logvar } = await program.run({ ...vae.weights, image });
      return { mean: floats(mean), logvar: floats(logvar) };
    },
    async decode(latents, shape) {
      const program = await programs.get(`decode ${shape}`, () => {
        const b = new Builder();
        return { out: decodeLatent(new Scope(b), b.input('z', shape), vae.config).image };
      });
      return floats((await program.run({ ...vae.weights, z: latents })).out);
    },
    close: () => programs.close(),
  };
}
