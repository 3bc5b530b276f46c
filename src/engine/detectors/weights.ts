// A detector's weights as one safetensors file of flat arrays.

import { AppError } from '../../core/base/errors.ts';
import { parseSafetensors } from '../../core/formats/safetensors.ts';
import { decodeFloat32 } from '../../core/formats/safetensors-data.ts';
import { type TensorToWrite, writeSafetensors } from '../../core/formats/safetensors-write.ts';

export function weightsBytes(weights: Readonly<Record<string, Float32Array>>): Uint8Array {
  return writeSafetensors(
    Object.entries(weights).map(
      ([name, data]): TensorToWrite => ({ name, dtype: 'F32', shape: [data.length], data }),
    ),
  );
}

/** The weights of a file that must have exactly these names and lengths. */
export function readDetectorWeights(
  bytes: Uint8Array,
  lengths: ReadonlyMap<string, number>,
): Record<string, Float32Array> {
  const { tensors } = parseSafetensors(bytes);
  const weights: Record<string, Float32Array> = {};
  for (const [name, length] of lengths) {
    const info = tensors.get(name);
    if (info?.elements !== length)
      throw new AppError('bad-weights', `the detector's weights do not fit its description: ${name}`, {
        hint: 'Train the detector again, or use the files as they were written.',
      });
    weights[name] = decodeFloat32(bytes.subarray(info.byteOffset, info.byteOffset + info.byteLength), info);
  }
  return weights;
}
