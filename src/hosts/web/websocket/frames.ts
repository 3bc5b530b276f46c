// WebSocket frames (RFC 6455, section 5): read from a stream of bytes with every bound checked, and written.

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A peer that does not keep to the protocol; the code is the one it is told (RFC 6455, section 7.4.1). */
export class ProtocolError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const CONTROL_LIMIT = 125;
const KNOWN = new Set<number>(Object.values(OPCODE));

/** Collects bytes and gives whole frames; a frame longer than `limit` is refused by its header. */
export class FrameReader {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let frame = this.#take(); frame !== null; frame = this.#take()) yield frame;
  }

  #take(): Frame | null {
    if (this.#size < 2) return null;
    const head = this.#peek(Math.min(14, this.#size));
    const header = readHeader(head, this.#limit);
    if (header === null || this.#size < header.bytes + header.length) return null;
    const all = this.#cut(header.bytes + header.length);
    const payload = Buffer.from(all.subarray(header.bytes));
    for (let i = 0; i < payload.length; i++) payload[i] ^= all[header.bytes - 4 + (i & 3)];
    return { final: header.final, opcode: header.opcode, payload };
  }

  #peek(bytes: number): Buffer {
    if (this.#chunks[0].length < bytes) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0].subarray(0, bytes);
  }

  #cut(bytes: number): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = all.length === bytes ? [] : [all.subarray(bytes)];
    this.#size -= bytes;
    return all.subarray(0, bytes);
  }
}

/** Null while the header is not complete. */
function readHeader(head: Buffer, limit: number) {
  const final = (head[0] & 0x80) !== 0;
  const opcode = head[0] & 0x0f;
  if ((head[0] & 0x70) !== 0) throw new ProtocolError(1002, 'reserved bits are set');
  if (!KNOWN.has(opcode)) throw new ProtocolError(1002, 'unknown kind of frame');
  if ((head[1] & 0x80) === 0) throw new ProtocolError(1002, 'a window must mask its frames');
  const short = head[1] & 0x7f;
  if (opcode >= OPCODE.close && (!final || short > CONTROL_LIMIT))
    throw new ProtocolError(1002, 'a control frame is short and whole');
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const bytes = 2 + lengthBytes + 4;
  if (head.length < bytes) return null;
  const length = lengthBytes === 0 ? short : lengthBytes === 2 ? head.readUInt16BE(2) : longLength(head);
  if (length > limit) throw new ProtocolError(1009, 'the message is too long');
  return { final, opcode, bytes, length };
}

function longLength(head: Buffer): number {
  const length = head.readBigUInt64BE(2);
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProtocolError(1009, 'the message is too long');
  return Number(length);
}

/** One whole frame as a server sends it: not masked. */
export function writeFrame(opcode: number, payload: Uint8Array): Buffer[] {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  if (header.length === 2) header[1] = length;
  else if (header.length === 4) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return [header, Buffer.from(payload.buffer, payload.byteOffset, length)];
}
