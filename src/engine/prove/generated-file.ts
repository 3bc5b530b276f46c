// The generated pictures of one generator and seed, as training sees them: working copies in one file.

import { invariant } from '../../core/base/errors.ts';
import { parseSafetensors } from '../../core/formats/safetensors.ts';
import { type TensorToWrite, writeSafetensors } from '../../core/formats/safetensors-write.ts';
import type { Mask, Raster } from '../../core/image/raster.ts';

export interface GeneratedCopy {
  readonly type: string;
  readonly raster: Raster;
  readonly mask: Mask;
  /** Why a person would look at it; empty where every check passed. */
  readonly flags: readonly string[];
  /** Share of the mask in which the picture visibly changed; null where there is nothing to compare with. */
  readonly agreement: number | null;
  /** The mask is a box that holds good pixels too. */
  readonly weak?: boolean;
}

interface Item {
  readonly type: string;
  readonly flags: readonly string[];
  readonly agreement: number | null;
  readonly width: number;
  readonly height: number;
  readonly deep: boolean;
}

export function writeGenerated(copies: readonly GeneratedCopy[]): Uint8Array {
  const items = copies.map(
    ({ type, flags, agreement, raster }): Item => ({
      type,
      flags,
      agreement,
      width: raster.width,
      height: raster.height,
      deep: raster.data instanceof Uint16Array,
    }),
  );
  const tensors = copies.flatMap(({ raster, mask }, i): TensorToWrite[] => {
    const { buffer, byteOffset, byteLength } = raster.data;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return [
      { name: `picture/${i}`, dtype: 'U8', shape: [bytes.length], data: bytes },
      { name: `mask/${i}`, dtype: 'U8', shape: [mask.height, mask.width], data: mask.data },
    ];
  });
  return writeSafetensors(tensors, { items: JSON.stringify(items) });
}

export function readGenerated(bytes: Uint8Array): GeneratedCopy[] {
  const { tensors, metadata } = parseSafetensors(bytes);
  const items: Item[] = JSON.parse(metadata.get('items') ?? '[]');
  const part = (name: string): Uint8Array => {
    const info = tensors.get(name);
    invariant(info !== undefined, `the file holds no ${name}`);
    return bytes.slice(info.byteOffset, info.byteOffset + info.byteLength);
  };
  return items.map(({ type, flags, agreement, width, height, deep }, i) => {
    const code = part(`picture/${i}`);
    const data = deep ? new Uint16Array(code.buffer) : code;
    return {
      type,
      flags,
      agreement,
      raster: { width, height, channels: 3, data },
      mask: { width, height, data: part(`mask/${i}`) },
    };
  });
}
