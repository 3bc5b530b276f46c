// How much memory a program takes while ONNX Runtime's CPU provider runs it.

import type { Program } from '../graph/graph.ts';
import type { LoweringChoice } from '../onnx/emit.ts';
import { residentAfter } from './arena.ts';
import { planBuffers } from './buffers.ts';
import { fused } from './fusions.ts';
import { bytesOf } from './onnx-shapes.ts';
import { tapeOf } from './tape.ts';

export interface ProgramMemory {
  /** What must be fed: weights and batch. Not copied. */
  readonly feedBytes: number;
  /** What is returned; ONNX Runtime's own and the caller's copy are two. */
  readonly resultBytes: number;
  /** The arena at its fullest; it is not given back before the session is released. */
  readonly arenaBytes: number;
  /** The compiled graph itself. */
  readonly sessionBytes: number;
}

/** Measured: a session grows the process by this much for every node of its graph. */
const BYTES_PER_NODE = 12_500;

export function programMemory(program: Program, choice?: LoweringChoice): ProgramMemory {
  const tape = fused(tapeOf(program, choice));
  const { events, outputBytes } = planBuffers(tape);
  const total = (tensors: readonly number[]) => tensors.reduce((n, t) => n + bytesOf(tape.tensors[t]), 0);
  return {
    feedBytes: total(tape.inputs),
    resultBytes: outputBytes,
    arenaBytes: residentAfter(events),
    sessionBytes: BYTES_PER_NODE * tape.nodes.length + 2 * total(tape.initializers),
  };
}

/** Bytes a process takes for one such program beside what it holds already, its weights included. */
export function runBytes(memory: ProgramMemory): number {
  return memory.feedBytes + memory.resultBytes + memory.arenaBytes + memory.sessionBytes;
}
