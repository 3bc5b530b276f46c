// Damage to bytes: flips, odd numbers, cuts, repeats, and pieces moved about.

import type { Rng } from '../../src/core/base/rng.ts';

const ODD = [0, 1, 0x7f, 0x80, 0xff, 0xfffe, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 100_000];

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function piece(bytes: Uint8Array, rng: Rng): { from: number; to: number } {
  const from = rng.int(bytes.length);
  return { from, to: Math.min(bytes.length, from + 1 + Math.floor(rng.logUniform(1, 1 + bytes.length / 2))) };
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

type Damage = (bytes: Uint8Array, rng: Rng) => Uint8Array;

const flipBit: Damage = (bytes, rng) => {
  bytes[rng.int(bytes.length)] ^= 1 << rng.int(8);
  return bytes;
};
const setByte: Damage = (bytes, rng) => {
  bytes[rng.int(bytes.length)] = rng.int(256);
  return bytes;
};
/** A two- or four-byte number in either order. */
const setNumber: Damage = (bytes, rng) => {
  const [value, little] = [rng.chance(0.7) ? rng.pick(ODD) : rng.uint32(), rng.chance(0.5)];
  if (bytes.length >= 4 && rng.chance(0.6)) view(bytes).setUint32(rng.int(bytes.length - 3), value, little);
  else if (bytes.length >= 2) view(bytes).setUint16(rng.int(bytes.length - 1), value & 0xffff, little);
  return bytes;
};
const addSmall: Damage = (bytes, rng) => {
  bytes[rng.int(bytes.length)] += rng.int(7) - 3;
  return bytes;
};
const cut: Damage = (bytes, rng) => bytes.slice(0, rng.int(bytes.length) + 1);
const drop: Damage = (bytes, rng) => {
  const { from, to } = piece(bytes, rng);
  return to - from === bytes.length ? bytes : joined(bytes.subarray(0, from), bytes.subarray(to));
};
const repeat: Damage = (bytes, rng) => {
  const { from, to } = piece(bytes, rng);
  return joined(bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to));
};
const overwrite: Damage = (bytes, rng) => {
  const { from, to } = piece(bytes, rng);
  const at = rng.int(bytes.length);
  bytes.copyWithin(at, from, Math.min(to, from + bytes.length - at));
  return bytes;
};
const fill: Damage = (bytes, rng) => {
  const { from, to } = piece(bytes, rng);
  return bytes.fill(rng.pick([0, 0xff, 0x20]), from, to);
};
const append: Damage = (bytes, rng) =>
  joined(
    bytes,
    Uint8Array.from({ length: 1 + rng.int(64) }, () => rng.int(256)),
  );

/** Small damage more often than large: most inputs should still look right at first. */
const ALL: readonly Damage[] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  setNumber,
  setNumber,
  addSmall,
  cut,
  drop,
  repeat,
  overwrite,
  fill,
  append,
];

/** A damaged copy: one to four kinds of damage, mostly one, all of it from byte `from` on. */
export function damageBytes(seed: Uint8Array, rng: Rng, from = 0): Uint8Array {
  const keep = Math.min(from, seed.length - 1);
  const head = seed.slice(0, keep);
  let body: Uint8Array = seed.slice(keep);
  for (let n = rng.chance(0.5) ? 1 : 1 + rng.int(4); n > 0; n--) body = rng.pick(ALL)(body, rng);
  return joined(head, body);
}
