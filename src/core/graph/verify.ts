// The IR's legality, checked apart from the builder: every type re-derived and compared.

import { invariant } from '../base/errors.ts';
import { sameShape, shapeText, sizeOf } from '../tensor/shape.ts';
import type { Program } from './graph.ts';
import type { OpRecord } from './op.ts';
import { OPS, type OpName } from './ops/table.ts';
import { constantData, inputName, topologicalOrder } from './value.ts';

/** Throws (internal) on the first node that breaks a rule; returns the number of nodes. */
export function verify(program: Program): number {
  const order = topologicalOrder(Object.values(program.outputs));
  const inputs = new Map<string, number>();
  for (const value of order) {
    invariant(
      value.shape.every((d) => Number.isInteger(d) && d > 0),
      `${value.op} has shape ${shapeText(value.shape)}`,
    );
    if (value.op === 'input') {
      const other = inputs.get(inputName(value));
      invariant(other === undefined || other === value.id, `two inputs are called ${inputName(value)}`);
      inputs.set(inputName(value), value.id);
    } else if (value.op === 'constant') {
      const data = constantData(value);
      invariant(
        typeof data === 'number' || data.length === sizeOf(value.shape),
        'constant of the wrong length',
      );
    } else {
      const record = OPS[value.op as OpName] as unknown as OpRecord<object> | undefined;
      invariant(record, `unknown op ${value.op}`);
      const type = record.infer(value.inputs, value.attrs);
      invariant(
        type.dtype === value.dtype && sameShape(type.shape, value.shape),
        `${value.op} says ${value.dtype}${shapeText(value.shape)}, its rule ${type.dtype}${shapeText(type.shape)}`,
      );
    }
  }
  return order.length;
}
