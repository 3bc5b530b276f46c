// IR program -> ONNX bytes. Deterministic: the same program and choices give the same bytes.

import { invariant } from '../base/errors.ts';
import type { Program } from '../graph/graph.ts';
import { programHash } from '../graph/hash.ts';
import type { DType, Emitter, Lowering, OnnxAttrs, OpRecord, TensorType } from '../graph/op.ts';
import { OPS, type OpName } from '../graph/ops/table.ts';
import { constantData, inputName, topologicalOrder, type Value } from '../graph/value.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { type ElementType, modelProto, nodeProto, tensorProto, valueInfoProto } from './model.ts';
import { ProtoWriter } from './protobuf.ts';

/** Picks one of an op's lowerings by name; the tuner's seam. */
export interface LoweringChoice {
  choose(node: Value, candidates: readonly string[]): string;
}

/** The first lowering of every op. */
export const FIRST_LOWERING: LoweringChoice = { choose: (_node, candidates) => candidates[0] };

/** Hears what is written, in order, before it is serialised. */
export interface EmitTrace {
  /** A tensor of the file; `values` for the small integer ones that shapes depend on. */
  initializer(name: string, type: FileTensor, values: readonly number[] | null): void;
  node(opType: string, inputs: readonly string[], outputs: readonly string[], attrs: OnnxAttrs): void;
  /** An IR value is held by the tensor `name`. */
  value(name: string, value: Value): void;
}

export interface FileTensor {
  readonly dtype: ElementType;
  readonly shape: Shape;
}

export interface EmitOptions {
  readonly choice?: LoweringChoice;
  readonly trace?: EmitTrace;
  /** Values of inputs that never change, by their name: they become part of the model. */
  readonly fixed?: Readonly<Record<string, Float32Array | Int32Array>>;
  /** Constants of at least this many bytes go to an external file called `location`. */
  readonly external?: { readonly location: string; readonly fromBytes: number };
}

export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** Content of the external file, in pieces to be written one after the other; empty if none. */
  readonly external: readonly Uint8Array[];
  readonly nodes: number;
}

/** Every tensor of an external file starts at a multiple of this, so that it can be used where it is mapped. */
const EXTERNAL_ALIGNMENT = 64;

class GraphEmitter implements Emitter {
  readonly graph = new ProtoWriter();
  readonly external: Uint8Array[] = [];
  nodeCount = 0;
  readonly #shared = new Map<string, unknown>();
  readonly #options: EmitOptions;
  #externalOffset = 0;
  #names = 0;

  constructor(options: EmitOptions) {
    this.#options = options;
  }

  node(opType: string, inputs: readonly string[], attrs: OnnxAttrs = {}, domain = ''): string {
    return this.nodes(opType, inputs, 1, attrs, domain)[0];
  }

  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attrs: OnnxAttrs = {},
    domain = '',
  ): string[] {
    const names = Array.from({ length: outputs }, () => `%${this.#names++}`);
    this.named(opType, inputs, names, attrs, domain);
    return names;
  }

  named(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attrs: OnnxAttrs = {},
    domain = '',
  ) {
    this.nodeCount++;
    this.#options.trace?.node(opType, inputs, outputs, attrs);
    this.graph.message(1, nodeProto(opType, inputs, outputs, attrs, domain));
  }

  ints(values: readonly number[]): string {
    const raw = () => new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.shared(`ints ${values.join(' ')}`, () =>
      this.initializer('int64', [values.length], raw(), values),
    );
  }

  floats(values: Float32Array | readonly number[], shape: Shape): string {
    const data = Float32Array.from(values);
    const make = () => this.initializer('float32', shape, new Uint8Array(data.buffer));
    const uniform = data.every((v) => v === data[0]);
    if (!uniform && data.length > 64) return make();
    const key = uniform ? `fill ${data[0]}` : data.join(' ');
    return this.shared(`floats ${shape.join('x')} ${key}`, make);
  }

  shared<T>(key: string, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }

  initializer(
    type: ElementType,
    shape: Shape,
    raw: Uint8Array,
    values: readonly number[] | null = null,
  ): string {
    const name = `%c${this.#names++}`;
    const { external, trace } = this.#options;
    trace?.initializer(name, { dtype: type, shape }, values);
    const out = external && raw.length >= external.fromBytes ? external : null;
    const place = out ? { location: out.location, offset: this.#externalOffset } : undefined;
    this.graph.message(5, tensorProto(name, type, shape, raw, place));
    if (out) {
      const rest = (EXTERNAL_ALIGNMENT - (raw.length % EXTERNAL_ALIGNMENT)) % EXTERNAL_ALIGNMENT;
      this.external.push(raw, new Uint8Array(rest));
      this.#externalOffset += raw.length + rest;
    }
    return name;
  }

  /** An array of an input's type. */
  given(data: Float32Array | Int32Array, { dtype, shape }: Value): string {
    const fits = data.length === sizeOf(shape) && (dtype === 'float32') === data instanceof Float32Array;
    invariant(fits, `${data.length} numbers given for ${dtype} [${shape}]`);
    return this.initializer(dtype, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  constant(value: Value): string {
    const data = constantData(value);
    if (typeof data !== 'number') {
      const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return value.dtype === 'float32' && data.length <= 64
        ? this.floats(data as Float32Array, value.shape)
        : this.initializer(value.dtype, value.shape, raw);
    }
    if (value.dtype === 'float32' && sizeOf(value.shape) > 4096) {
      return this.node('Expand', [this.floats([data], [1]), this.ints(value.shape)]);
    }
    if (value.dtype === 'float32')
      return this.floats(new Float32Array(sizeOf(value.shape)).fill(data), value.shape);
    const filled = new Int32Array(sizeOf(value.shape)).fill(data);
    return this.initializer(value.dtype, value.shape, new Uint8Array(filled.buffer));
  }
}

/** The lowerings of a node that apply to its shapes and attributes. */
export function candidatesOf(node: Value): readonly Lowering<object>[] {
  const record = OPS[node.op as OpName] as unknown as OpRecord<object>;
  return record.lowerings.filter((l) => l.when?.(node, node.attrs) ?? true);
}

function lower(e: GraphEmitter, node: Value, inputs: readonly string[], choice: LoweringChoice): string {
  const candidates = candidatesOf(node);
  const name =
    candidates.length === 1
      ? candidates[0].name
      : choice.choose(
          node,
          candidates.map((c) => c.name),
        );
  const chosen = candidates.find((c) => c.name === name);
  invariant(chosen, `${node.op} has no lowering ${name} here`);
  return chosen.emit(e, inputs, node.attrs, node);
}

/**
 * Outputs in the order their nodes are written: the deepest first. ONNX Runtime runs a graph by a depth-first
 * walk that starts from the sink written last, so shallow results (the loss, gradients of the last layers)
 * are finished first and the activations they alone need are freed before the walk goes on. The other way
 * round, every activation lives to the end (measured: 12 blocks of convolutions 1150 MB instead of 940, and
 * recomputation saves nothing).
 */
function deepestFirst(outputs: readonly Value[]): Value[] {
  const depths = new Map<Value, number>();
  for (const value of topologicalOrder(outputs)) {
    depths.set(value, value.inputs.reduce((d, v) => Math.max(d, depths.get(v) as number), 0) + 1);
  }
  return [...outputs].sort((x, y) => (depths.get(y) as number) - (depths.get(x) as number));
}

const typeOf = ({ dtype, shape }: { dtype: DType; shape: Shape }): TensorType => ({ dtype, shape });

export function emitOnnx(program: Program, options: EmitOptions = {}): OnnxModel {
  const e = new GraphEmitter(options);
  const choice = options.choice ?? FIRST_LOWERING;
  const names = new Map<Value, string>();
  const inputs: Record<string, TensorType> = {};
  for (const node of topologicalOrder(deepestFirst(Object.values(program.outputs)))) {
    if (node.op === 'input') {
      const name = inputName(node);
      const fixed = options.fixed?.[name];
      if (fixed) {
        names.set(node, e.given(fixed, node));
        continue;
      }
      inputs[name] = typeOf(node);
      e.graph.message(11, valueInfoProto(name, node));
      names.set(node, name);
    } else if (node.op === 'constant') names.set(node, e.constant(node));
    else {
      const args = node.inputs.map((v) => names.get(v) as string);
      names.set(node, lower(e, node, args, choice));
    }
    options.trace?.value(names.get(node) as string, node);
  }
  const outputs: Record<string, TensorType> = {};
  for (const [name, value] of Object.entries(program.outputs)) {
    outputs[name] = typeOf(value);
    e.named('Identity', [names.get(value) as string], [name]);
    e.graph.message(12, valueInfoProto(name, value));
  }
  e.graph.string(2, `flawsmith ${programHash(program)}`);
  return { bytes: modelProto(e.graph), inputs, outputs, external: e.external, nodes: e.nodeCount };
}
