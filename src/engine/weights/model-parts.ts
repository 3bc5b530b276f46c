// A model folder as what is written into it.

import type { TensorToWrite } from '../../core/formats/safetensors-write.ts';
import type { ParameterTable } from '../../core/nets/scope.ts';

/** What of a model folder is not a fine-tuned network. */
export interface ModelParts {
  /** Files by their place in the folder. */
  readonly texts: Readonly<Record<string, string>>;
  /** Copied as they are: place in the folder, and from where. */
  readonly copied: readonly (readonly [name: string, from: string])[];
  /** Networks that training leaves as they are and no file holds by itself. */
  readonly networks: readonly { readonly file: string; tensors(): TensorToWrite[] }[];
}

export function tensors(
  table: ParameterTable,
  weights: Readonly<Record<string, Float32Array>>,
  dtype: 'F32' | 'F16',
): TensorToWrite[] {
  return [...table].map(([name, { shape }]) => ({ name, dtype, shape, data: weights[name] }));
}

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
