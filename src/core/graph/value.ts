// A node of the IR: immutable, with one result; nodes with equal op, attributes and inputs are one object.

import type { DType, TensorType } from './op.ts';
import type { OpName } from './ops/table.ts';

export type LeafName = 'input' | 'constant';

export interface Value extends TensorType {
  readonly id: number;
  readonly op: OpName | LeafName;
  readonly inputs: readonly Value[];
  readonly attrs: Readonly<Record<string, unknown>>;
}

export interface InputAttrs {
  readonly name: string;
}

/** A constant holds a full array, or one number repeated. */
export interface ConstantAttrs {
  readonly data: Float32Array | Int32Array | number;
}

export function inputName(value: Value): string {
  return (value.attrs as unknown as InputAttrs).name;
}

export function constantData(value: Value): Float32Array | Int32Array | number {
  return (value.attrs as unknown as ConstantAttrs).data;
}

/** The repeated number of a filled constant, else null. */
export function scalarConstant(value: Value): number | null {
  if (value.op !== 'constant') return null;
  const data = constantData(value);
  return typeof data === 'number' ? data : data.length === 1 ? data[0] : null;
}

/** Attributes as text that tells any two apart, whatever the order they were written in. */
export function attributesKey(attrs: object): string {
  const entries = Object.entries(attrs).sort(([x], [y]) => (x < y ? -1 : 1));
  return entries.map(([k, v]) => `${k}=${Number.isFinite(v) ? v : JSON.stringify(v, finite)}`).join(' ');
}

/** JSON has no word for infinities and NaN. */
const finite = (_key: string, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v);

/** Every value the outputs depend on, inputs before users. */
export function topologicalOrder(outputs: readonly Value[]): Value[] {
  const order: Value[] = [];
  const done = new Set<Value>();
  const stack: { value: Value; next: number }[] = [];
  for (const output of outputs) {
    if (done.has(output)) continue;
    stack.push({ value: output, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (done.has(top.value)) {
        stack.pop();
      } else if (top.next < top.value.inputs.length) {
        const child = top.value.inputs[top.next++];
        if (!done.has(child)) stack.push({ value: child, next: 0 });
      } else {
        done.add(top.value);
        order.push(top.value);
        stack.pop();
      }
    }
  }
  return order;
}

export type { DType };
