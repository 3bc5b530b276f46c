// The wire format, byte for byte.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelProto, tensorProto } from '../../../src/core/onnx/model.ts';
import { ProtoWriter } from '../../../src/core/onnx/protobuf.ts';

const bytes = (w: ProtoWriter) => [...w.finish()];

test('varints', () => {
  assert.deepEqual(bytes(new ProtoWriter().int(1, 0)), [0x08, 0]);
  assert.deepEqual(bytes(new ProtoWriter().int(1, 150)), [0x08, 0x96, 0x01]);
  assert.deepEqual(bytes(new ProtoWriter().int(20, 1)), [0xa0, 0x01, 1]);
  assert.deepEqual(bytes(new ProtoWriter().int(1, 2 ** 40)), [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  // A negative int64 is ten bytes of two's complement.
  assert.deepEqual(bytes(new ProtoWriter().int(1, -1)), [0x08, ...new Array(9).fill(0xff), 0x01]);
});

test('strings, floats and nested messages', () => {
  assert.deepEqual(bytes(new ProtoWriter().string(2, 'é')), [0x12, 2, 0xc3, 0xa9]);
  assert.deepEqual(bytes(new ProtoWriter().float(3, 1)), [0x1d, 0, 0, 0x80, 0x3f]);
  const inner = new ProtoWriter().int(1, 1);
  assert.deepEqual(bytes(new ProtoWriter().message(4, inner).int(5, 2)), [0x22, 2, 0x08, 1, 0x28, 2]);
});

test('a tensor of the wrong number of bytes is refused', () => {
  assert.throws(() => tensorProto('t', 'float32', [3], new Uint8Array(8)), /8 bytes for float32\[3\]/);
});

test('a model names its opsets', () => {
  const text = Buffer.from(modelProto(new ProtoWriter())).toString('latin1');
  assert.ok(text.includes('com.microsoft') && text.includes('flawsmith'));
});
