// ONNX messages (onnx.proto3, IR version 8, opset 18) with their byte counts checked before writing.

import { invariant } from '../base/errors.ts';
import type { DType, OnnxAttr, OnnxAttrs, TensorType } from '../graph/op.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { ProtoWriter } from './protobuf.ts';

export const IR_VERSION = 8;
export const OPSETS: Readonly<Record<string, number>> = { '': 18, 'com.microsoft': 1 };

export type ElementType = DType | 'int64';
export const ELEMENT: Record<ElementType, { code: number; bytes: number }> = {
  float32: { code: 1, bytes: 4 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
};
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 };

export function tensorProto(
  name: string,
  type: ElementType,
  shape: Shape,
  raw: Uint8Array,
  external?: { location: string; offset: number },
): ProtoWriter {
  const { code, bytes } = ELEMENT[type];
  invariant(
    raw.length === sizeOf(shape) * bytes,
    `${name}: ${raw.length} bytes for ${type}[${shape.join(',')}]`,
  );
  const w = new ProtoWriter();
  for (const d of shape) w.int(1, d);
  w.int(2, code).string(8, name);
  if (!external) return w.bytes(9, raw);
  const entries = {
    location: external.location,
    offset: String(external.offset),
    length: String(raw.length),
  };
  for (const [key, value] of Object.entries(entries))
    w.message(13, new ProtoWriter().string(1, key).string(2, value));
  return w.int(14, 1);
}

function attributeProto(name: string, value: OnnxAttr): ProtoWriter {
  const w = new ProtoWriter().string(1, name);
  if (typeof value === 'number') return w.int(3, value).int(20, ATTRIBUTE.int);
  if (typeof value === 'string') return w.string(4, value).int(20, ATTRIBUTE.string);
  if ('float' in value) return w.float(2, value.float).int(20, ATTRIBUTE.float);
  for (const v of value) w.int(8, v);
  return w.int(20, ATTRIBUTE.ints);
}

export function nodeProto(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attrs: OnnxAttrs,
  domain: string,
): ProtoWriter {
  const w = new ProtoWriter();
  for (const i of inputs) w.string(1, i);
  for (const o of outputs) w.string(2, o);
  w.string(3, `${opType} ${outputs[0]}`).string(4, opType);
  for (const key of Object.keys(attrs).sort()) w.message(5, attributeProto(key, attrs[key]));
  return domain === '' ? w : w.string(7, domain);
}

export function valueInfoProto(name: string, type: TensorType): ProtoWriter {
  const dims = new ProtoWriter();
  for (const d of type.shape) dims.message(1, new ProtoWriter().int(1, d));
  const tensor = new ProtoWriter().int(1, ELEMENT[type.dtype].code).message(2, dims);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
}

export function modelProto(graph: ProtoWriter): Uint8Array {
  const w = new ProtoWriter().int(1, IR_VERSION).string(2, 'flawsmith').message(7, graph);
  for (const [domain, version] of Object.entries(OPSETS)) {
    w.message(8, new ProtoWriter().string(1, domain).int(2, version));
  }
  return w.finish();
}
