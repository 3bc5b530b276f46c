// One WebSocket to a window: whole messages in and out, bounded both ways.

import type { Duplex } from 'node:stream';
import { type Frame, FrameReader, OPCODE, ProtocolError, writeFrame } from './frames.ts';

/** A message of a window is a call with small values; pictures go another way. */
export const MESSAGE_LIMIT = 16 << 20;
/** A window that does not read what it asked for is let go. */
const UNSENT_LIMIT = 256 << 20;

export interface ConnectionListener {
  message(data: string | Uint8Array): void;
  /** Once, whoever ended it. */
  closed(): void;
}

export class WebSocketConnection {
  readonly #socket: Duplex;
  readonly #reader = new FrameReader(MESSAGE_LIMIT);
  readonly #head: Buffer;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #listener: ConnectionListener | null = null;
  #parts: Buffer[] = [];
  #partsKind = 0;
  #open = true;

  constructor(socket: Duplex, head: Buffer) {
    this.#socket = socket;
    this.#head = head;
  }

  /** Begins to read. */
  listen(listener: ConnectionListener): void {
    this.#listener = listener;
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('end', () => this.#socket.end());
    this.#socket.once('close', () => this.#closed());
    if (this.#head.length > 0) this.#receive(this.#head);
  }

  send(data: string | Uint8Array): void {
    const text = typeof data === 'string';
    this.#write(text ? OPCODE.text : OPCODE.binary, text ? Buffer.from(data) : data);
    if (this.#socket.writableLength > UNSENT_LIMIT) this.#socket.destroy();
  }

  /** `code` tells the window why: RFC 6455, section 7.4. */
  close(code: number, reason: string): void {
    if (!this.#open) return;
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code, 0);
    payload.write(reason, 2);
    this.#write(OPCODE.close, payload);
    this.#socket.end();
    this.#closed();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) if (this.#open) this.#take(frame);
    } catch (error) {
      const known = error instanceof ProtocolError;
      this.close(known ? error.code : 1007, known ? error.message : 'the text is not UTF-8');
    }
  }

  #take(frame: Frame): void {
    if (frame.opcode === OPCODE.close) this.close(1000, '');
    else if (frame.opcode === OPCODE.ping) this.#write(OPCODE.pong, frame.payload);
    else if (frame.opcode !== OPCODE.pong) this.#takePart(frame);
  }

  #takePart(frame: Frame): void {
    const continues = frame.opcode === OPCODE.continuation;
    if (continues !== this.#parts.length > 0) throw new ProtocolError(1002, 'parts of a message are mixed');
    if (!continues) this.#partsKind = frame.opcode;
    this.#parts.push(frame.payload);
    const size = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (size > MESSAGE_LIMIT) throw new ProtocolError(1009, 'the message is too long');
    if (!frame.final) return;
    const whole = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#listener?.message(this.#partsKind === OPCODE.text ? this.#utf8.decode(whole) : whole);
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (!this.#open || !this.#socket.writable) return;
    for (const part of writeFrame(opcode, payload)) this.#socket.write(part);
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#listener?.closed();
  }
}
