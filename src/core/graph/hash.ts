// Stable structural hash of a program: the same network built twice hashes equal; names of nodes do not matter.

import type { Program } from './graph.ts';
import { letterName } from './print.ts';
import { attributesKey, constantData, inputName, topologicalOrder, type Value } from './value.ts';

const MASK = (1n << 64n) - 1n;
const PRIME = 0x100000001b3n;

/** FNV-1a over 64 bits, enough to tell programs apart; not for security. */
function fnv(text: string, seed: bigint): bigint {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = ((h ^ BigInt(text.charCodeAt(i))) * PRIME) & MASK;
  return h;
}

function bytesText(data: Float32Array | Int32Array | number): string {
  if (typeof data === 'number') return `fill ${data}`;
  let h = 0x811c9dc5;
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (const w of words) h = Math.imul(h ^ w, 0x01000193) ^ (h >>> 15);
  return `${data.length} ${h >>> 0}`;
}

/** 16 hexadecimal digits. */
export function programHash(program: Program): string {
  const ids = new Map<Value, string>();
  let h = 0xcbf29ce484222325n;
  for (const value of topologicalOrder(Object.values(program.outputs))) {
    ids.set(value, letterName(ids.size));
    const own =
      value.op === 'input'
        ? inputName(value)
        : value.op === 'constant'
          ? bytesText(constantData(value))
          : attributesKey(value.attrs);
    const args = value.inputs.map((v) => ids.get(v)).join(',');
    h = fnv(`${value.op} ${value.dtype} ${value.shape.join('x')} ${own} ${args};`, h);
  }
  for (const [name, value] of Object.entries(program.outputs)) h = fnv(`${name}=${ids.get(value)};`, h);
  return h.toString(16).padStart(16, '0');
}
