// The tiny pack's networks on ONNX Runtime, and low-rank adapters for some of their weights.

import { namedRng } from '../../../src/core/base/rng.ts';
import type { LowRank } from '../../../src/core/formats/lora-tensors.ts';
import { clipTextModel } from '../../../src/core/nets/clip-text-model.ts';
import { unet } from '../../../src/core/nets/unet-2d-condition.ts';
import { sizeOf } from '../../../src/core/tensor/shape.ts';
import type { SdPack } from '../../../src/engine/packs/sd-pack.ts';
import { type ChangeWeights, runNetworkOnce } from '../../../src/engine/sampling/sd-network.ts';

export const ONE_THREAD = { threads: 1 };

/** Inputs of one U-Net call on the tiny pack. */
export function unetInputs() {
  const fill = (name: string, count: number) => namedRng(5, name).fillNormal(new Float32Array(count));
  return {
    sample: { shape: [2, 4, 4, 8], data: fill('sample', 2 * 4 * 4 * 8) },
    timestep: { shape: [2], data: Float32Array.of(7, 801) },
    context: { shape: [2, 77, 8], data: fill('context', 2 * 77 * 8) },
  };
}

export async function runUnet(pack: SdPack, change?: ChangeWeights): Promise<Float32Array> {
  const { sample, timestep, context } = unetInputs();
  const { out } = await runNetworkOnce(
    pack.unet,
    (s) => {
      const inputs = {
        sample: s.b.input('sample', sample.shape),
        timestep: s.b.input('timestep', timestep.shape),
        encoderHiddenStates: s.b.input('context', context.shape),
      };
      return { out: unet(s, inputs, pack.unet.config).sample };
    },
    { sample: sample.data, timestep: timestep.data, context: context.data },
    ONE_THREAD,
    change,
  );
  return out as Float32Array;
}

export async function runText(
  pack: SdPack,
  ids: readonly number[],
  change?: ChangeWeights,
): Promise<Float32Array> {
  const { out } = await runNetworkOnce(
    pack.text,
    (s) => ({
      out: clipTextModel(s, s.b.input('ids', [1, ids.length], 'int32'), pack.text.config).lastHiddenState,
    }),
    { ids: Int32Array.from(ids) },
    ONE_THREAD,
    change,
  );
  return out as Float32Array;
}

const UNET_MODULES = [
  'conv_in',
  'time_embedding.linear_1',
  'down_blocks.0.attentions.0.proj_in',
  'down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k',
  'down_blocks.0.attentions.0.transformer_blocks.0.ff.net.0.proj',
  'mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0',
  'down_blocks.1.resnets.0.conv1',
  'up_blocks.0.upsamplers.0.conv',
];
const TEXT_MODULES = ['text_model.encoder.layers.0.self_attn.q_proj', 'text_model.encoder.layers.0.mlp.fc1'];

/** Adapters of rank 2 on matrices and kernels, alpha 3 (so that a factor forgotten shows). */
export function tinyLora(pack: SdPack, rank = 2, alpha = 3): LowRank[] {
  const make = (network: LowRank['network'], module: string): LowRank => {
    const shape = pack[network].table.get(`${module}.weight`)?.shape ?? [];
    const rng = namedRng(9, module);
    const numbers = (count: number) => rng.fillNormal(new Float32Array(count)).map((v) => 0.2 * v);
    const up = numbers(shape[0] * rank);
    return { network, module, shape, rank, up, down: numbers(rank * sizeOf(shape.slice(1))), alpha };
  };
  return [...UNET_MODULES.map((m) => make('unet', m)), ...TEXT_MODULES.map((m) => make('text', m))];
}

export function worstDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((max, v, i) => Math.max(max, Math.abs(v - b[i])), a.length === b.length ? 0 : Infinity);
}

export function largest(a: Float32Array): number {
  return a.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
}
