// Safetensors files: the header by its structure, the file by its bytes, then every tensor is read.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors, readHeaderLength } from '../../../src/core/formats/safetensors.ts';
import { isFloatDtype } from '../../../src/core/formats/safetensors-data.ts';
import { writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';
import { parseStrictJson } from '../../../src/core/formats/strict-json.ts';
import { openSafetensors } from '../../../src/engine/packs/safetensors-file.ts';
import { damageBytes } from '../mutate-bytes.ts';
import { damageJson } from '../mutate-text.ts';
import { once, target } from '../target.ts';

const seed = once(() =>
  writeSafetensors(
    [
      { name: 'conv_in.weight', dtype: 'F32', shape: [4, 3, 3, 3], data: new Float32Array(108).fill(0.5) },
      { name: 'conv_in.bias', dtype: 'F16', shape: [4], data: Float32Array.of(1, 2, 3, 4) },
      { name: 'scale', dtype: 'F64', shape: [], data: Float64Array.of(0.18215) },
      { name: 'ids', dtype: 'I32', shape: [2, 3], data: Int32Array.of(1, 2, 3, 4, 5, 6) },
      { name: 'position_ids', dtype: 'I64', shape: [2], data: BigInt64Array.of(0n, 1n) },
      { name: 'empty', dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
    ],
    { format: 'pt' },
  ),
);

/** The file with its header damaged and the length before it put right. */
function withHeader(file: Uint8Array, damage: (json: string) => string): Uint8Array {
  const length = readHeaderLength(file.subarray(0, 8), file.length);
  const header = Buffer.from(damage(Buffer.from(file.subarray(8, 8 + length)).toString('utf8')));
  const first = new Uint8Array(8);
  new DataView(first.buffer).setBigUint64(0, BigInt(header.length), true);
  return new Uint8Array(Buffer.concat([first, header, file.subarray(8 + length)]));
}

export const safetensors = target<Uint8Array>({
  name: 'safetensors',
  firstStage: 'the header is JSON of the length it says',
  weight: 13,
  make: (rng, place) =>
    rng.chance(0.6)
      ? withHeader(seed(), (json) => damageJson(json.trim(), rng, place))
      : damageBytes(seed(), rng),
  passes(file) {
    const length = readHeaderLength(file.subarray(0, 8), file.length);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length));
    return parseStrictJson(text) instanceof Map;
  },
  run(bytes, { inside }) {
    parseSafetensors(bytes);
    const path = join(inside, 'model.safetensors');
    writeFileSync(path, bytes);
    const file = openSafetensors(path);
    try {
      for (const name of file.names) {
        const { dtype } = file.info(name);
        if (isFloatDtype(dtype)) file.float32(name, { finite: true });
        else if (dtype === 'I64') file.int64(name);
        else file.int32(name);
      }
    } finally {
      file.close();
    }
  },
});
