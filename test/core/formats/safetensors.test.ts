// Safetensors: deterministic writing, strict reading, and the damaged files of the fixtures.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AppError } from '../../../src/core/base/errors.ts';
import { parseSafetensors } from '../../../src/core/formats/safetensors.ts';
import {
  decodeFloat32,
  decodeFloat64,
  decodeInt32,
  decodeInt64,
  firstNonFinite,
} from '../../../src/core/formats/safetensors-data.ts';
import { type TensorToWrite, writeSafetensors } from '../../../src/core/formats/safetensors-write.ts';

const TENSORS: TensorToWrite[] = [
  { name: 'half', dtype: 'F16', shape: [3], data: Float32Array.of(1, -0.5, 1 / 3) },
  { name: 'ids', dtype: 'I32', shape: [2], data: Int32Array.of(-1, 7) },
  { name: 'weight', dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4.5) },
  { name: 'double', dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) },
  { name: 'empty', dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
  { name: 'long', dtype: 'I64', shape: [1], data: BigInt64Array.of(2n ** 40n) },
];

/** A file from a header text and a number of data bytes. */
function file(header: string, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): string {
  try {
    parseSafetensors(bytes, 'x.safetensors');
  } catch (error) {
    assert.ok(
      error instanceof AppError && error.code === 'bad-weights' && error.details.file === 'x.safetensors',
    );
    return error.message;
  }
  return 'accepted';
}

test('what is written reads back, whatever the order of the arguments', () => {
  const bytes = writeSafetensors(TENSORS, { b: '2', a: '"1"' });
  assert.deepEqual(writeSafetensors(TENSORS.toReversed(), { a: '"1"', b: '2' }), bytes);
  const header = parseSafetensors(bytes);
  assert.deepEqual(Object.fromEntries(header.metadata), { a: '"1"', b: '2' });
  const at = (name: string) => {
    const info = header.tensors.get(name);
    assert.ok(info);
    return [bytes.subarray(info.byteOffset, info.byteOffset + info.byteLength), info] as const;
  };
  assert.deepEqual(header.tensors.get('weight')?.shape, [2, 2]);
  assert.deepEqual([...decodeFloat32(...at('weight'))], [1, 2, 3, 4.5]);
  assert.deepEqual([...decodeFloat32(...at('half'))], [1, -0.5, 0.333251953125]);
  assert.deepEqual([...decodeFloat64(...at('double'))], [Math.PI]);
  assert.deepEqual([...decodeInt32(...at('ids'))], [-1, 7]);
  assert.deepEqual([...decodeInt64(...at('long'))], [2n ** 40n]);
  assert.equal(decodeFloat32(...at('empty')).length, 0);
  assert.throws(() => decodeFloat32(...at('ids')), /expected floats/);
  for (const { byteOffset, dtype } of header.tensors.values()) {
    assert.equal(byteOffset % (dtype === 'F16' ? 2 : 4), 0, 'aligned');
  }
});

test('writing refuses shapes that do not fit and names that repeat', () => {
  const data = new Float32Array(2);
  assert.throws(
    () => writeSafetensors([{ name: 'a', dtype: 'F32', shape: [3], data }]),
    /internal: .*shape \[3\]/,
  );
  const twice: TensorToWrite = { name: 'a', dtype: 'F32', shape: [2], data };
  assert.throws(() => writeSafetensors([twice, twice]), /names must differ/);
});

test('damaged headers are refused with the reason', () => {
  const a = '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';
  const cases: [string, Uint8Array, RegExp][] = [
    ['accepted as is', file(`{${a}}`, 8), /^accepted$/],
    ['padded', file(`{${a}}   `, 8), /^accepted$/],
    ['short', new Uint8Array(4), /shorter than eight bytes/],
    ['header length', new Uint8Array(8).fill(255), /header too large/],
    ['beyond the end', Uint8Array.of(100, 0, 0, 0, 0, 0, 0, 0, 123), /beyond the end/],
    ['duplicate', file(`{${a},${a}}`, 8), /key "a" occurs twice/],
    ['overlap', file(`{${a},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), /overlaps/],
    ['hole', file('{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8), /hole before tensor "b"/],
    ['cut short', file(`{${a}}`, 7), /beyond the end of the file/],
    ['tail', file(`{${a}}`, 9), /1 bytes at the end/],
    ['size', file('{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 8), /8 bytes but .* need 12/],
    ['reversed', file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[8,0]}}', 8), /ends before it begins/],
    [
      'dtype',
      file('{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}', 8),
      /unknown dtype "F8_E4M3"/,
    ],
    ['negative', file('{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}', 8), /whole number/],
    [
      'overflow',
      file('{"a":{"dtype":"F32","shape":[4503599627370496,9],"data_offsets":[0,8]}}', 8),
      /too large/,
    ],
    ['metadata', file(`{"__metadata__":{"n":1},${a}}`, 8), /metadata "n" is not a string/],
    ['unknown key', file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}', 8), /unknown key x/],
    ['not an object', file('[]', 0), /not an object/],
  ];
  for (const [name, bytes, reason] of cases) assert.match(refusal(bytes), reason, name);
});

test('non-finite values are found', () => {
  assert.equal(firstNonFinite(Float32Array.of(1, 2)), -1);
  assert.equal(firstNonFinite(Float32Array.of(1, NaN, Infinity)), 1);
});

const BAD = new URL('../../../../shared/fixtures/formats/', import.meta.url);
test('the damaged files of the fixtures', { skip: existsSync(BAD) ? false : '../shared is not here' }, () => {
  interface Entry {
    file: string;
    expect: string;
  }
  const index = JSON.parse(readFileSync(new URL('index.json', BAD), 'utf8')) as { bad: Entry[] };
  const entries = index.bad.filter((entry) => entry.file.endsWith('.safetensors'));
  assert.ok(entries.length > 0);
  for (const entry of entries) {
    const bytes = new Uint8Array(readFileSync(new URL(`bad/${entry.file}`, BAD)));
    assert.equal(refusal(bytes) === 'accepted', entry.expect !== 'reject', entry.file);
  }
});

test('a Buffer, whose slices share memory, decodes to its own numbers', () => {
  const file = Buffer.from(
    writeSafetensors([{ name: 'a', dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]),
  );
  const info = parseSafetensors(file).tensors.get('a');
  assert.ok(info);
  const bytes = file.subarray(info.byteOffset, info.byteOffset + info.byteLength);
  assert.deepEqual([...decodeFloat32(bytes, info)], [1, 2]);
});
