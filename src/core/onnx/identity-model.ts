// A model that passes one tensor of any shape through: uploads to and downloads from a device are runs of it.

import { ELEMENT, modelProto, nodeProto } from './model.ts';
import { ProtoWriter } from './protobuf.ts';

/** Input `x`, output `y`. */
export function identityModel(dtype: 'float32' | 'int32'): Uint8Array {
  const info = (name: string) => {
    const tensor = new ProtoWriter().int(1, ELEMENT[dtype].code);
    return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
  };
  const graph = new ProtoWriter()
    .message(1, nodeProto('Identity', ['x'], ['y'], {}, ''))
    .string(2, `identity ${dtype}`)
    .message(11, info('x'))
    .message(12, info('y'));
  return modelProto(graph);
}
