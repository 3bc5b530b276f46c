// What the supervisor and the engine process say to each other. Every window has a channel of its own.

import type { PlainError } from '../../core/domain/run.ts';

/** Same on both sides, or they do not talk. */
export const PROTOCOL = 1;

export type ToEngine =
  | { kind: 'open'; folder: string; create: boolean }
  | { kind: 'message'; channel: number; data: string | Uint8Array }
  | { kind: 'gone'; channel: number }
  | { kind: 'close' };

export type FromEngine =
  | { kind: 'hello'; protocol: number; version: string }
  | { kind: 'opened' }
  | { kind: 'refused'; error: PlainError }
  | { kind: 'message'; channel: number; data: string | Uint8Array }
  | { kind: 'broken'; channel: number }
  /** Something in the engine tried to reach the network. */
  | { kind: 'network-refused' }
  | { kind: 'closed' };
