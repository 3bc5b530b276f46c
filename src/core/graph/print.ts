// Programs as text with a, b, c names: what the golden tests of gradient graphs compare.

import { shapeText } from '../tensor/shape.ts';
import type { Program } from './graph.ts';
import { constantData, inputName, topologicalOrder, type Value } from './value.ts';

/** a, b, ... z, aa, ab, ... */
export function letterName(index: number): string {
  const head = index >= 26 ? letterName(Math.floor(index / 26) - 1) : '';
  return head + String.fromCharCode(97 + (index % 26));
}

function constantText(value: Value): string {
  const data = constantData(value);
  if (typeof data === 'number') return String(data);
  return data.length <= 6 ? `[${data.join(' ')}]` : `[${data.length} values]`;
}

function attributesText(attrs: Readonly<Record<string, unknown>>): string {
  const parts = Object.keys(attrs)
    .sort()
    .map((k) => `${k}=${JSON.stringify(attrs[k])}`);
  return parts.length === 0 ? '' : ` {${parts.join(' ')}}`;
}

/** One line per node in topological order; scalar constants are written in place. */
export function print(program: Program): string {
  const names = new Map<Value, string>();
  const lines: string[] = [];
  for (const value of topologicalOrder(Object.values(program.outputs))) {
    if (value.op === 'constant' && value.shape.length === 0) {
      names.set(value, constantText(value));
      continue;
    }
    const name = letterName(lines.length);
    names.set(value, name);
    const type = `${value.dtype === 'float32' ? '' : value.dtype}${shapeText(value.shape)}`;
    if (value.op === 'input') lines.push(`${name}: ${type} = input ${inputName(value)}`);
    else if (value.op === 'constant') lines.push(`${name}: ${type} = constant ${constantText(value)}`);
    else {
      const args = value.inputs.map((v) => names.get(v)).join(', ');
      lines.push(`${name}: ${type} = ${value.op}(${args})${attributesText(value.attrs)}`);
    }
  }
  for (const [output, value] of Object.entries(program.outputs))
    lines.push(`return ${output} = ${names.get(value)}`);
  return `${lines.join('\n')}\n`;
}
