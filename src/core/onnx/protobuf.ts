// The few protobuf wire types ONNX files need: varints, fixed 32-bit floats and length-delimited fields.

const UTF8 = new TextEncoder();

/** Pieces of at least this many bytes (weights) are kept by reference and copied once, in `finish`. */
const LARGE = 4096;

export class ProtoWriter {
  /** Finished pieces, followed by the first `#used` bytes of `#tail`. */
  readonly #chunks: Uint8Array[] = [];
  #closed = 0;
  #tail = new Uint8Array(64);
  #used = 0;

  get size(): number {
    return this.#closed + this.#used;
  }

  /** Makes room for `count` more bytes in the tail. */
  #reserve(count: number): void {
    if (this.#used + count <= this.#tail.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#tail.length, this.#used + count));
    grown.set(this.#tail.subarray(0, this.#used));
    this.#tail = grown;
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length < LARGE) {
      this.#reserve(bytes.length);
      this.#tail.set(bytes, this.#used);
      this.#used += bytes.length;
      return;
    }
    if (this.#used > 0) this.#chunks.push(this.#tail.subarray(0, this.#used));
    this.#chunks.push(bytes);
    this.#closed += this.#used + bytes.length;
    this.#tail = new Uint8Array(64);
    this.#used = 0;
  }

  /** Base 128, low bits first; a negative number is written as 64-bit two's complement. */
  #varint(value: number | bigint): void {
    this.#reserve(10);
    if (typeof value === 'number' && value >= 0 && value < 2 ** 31) {
      let v = value;
      for (; v > 0x7f; v >>>= 7) this.#tail[this.#used++] = (v & 0x7f) | 0x80;
      this.#tail[this.#used++] = v;
      return;
    }
    let v = BigInt.asUintN(64, BigInt(value));
    for (; v > 0x7fn; v >>= 7n) this.#tail[this.#used++] = Number(v & 0x7fn) | 0x80;
    this.#tail[this.#used++] = Number(v);
  }

  int(field: number, value: number | bigint): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#push(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#push(value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, UTF8.encode(value));
  }

  message(field: number, inner: ProtoWriter): this {
    this.#varint(field * 8 + 2);
    this.#varint(inner.size);
    for (const chunk of inner.#chunks) this.#push(chunk);
    this.#push(inner.#tail.subarray(0, inner.#used));
    return this;
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.size);
    let at = 0;
    for (const chunk of [...this.#chunks, this.#tail.subarray(0, this.#used)]) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }
}
