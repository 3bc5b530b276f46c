// One byte range of a file (RFC 9110, section 14.1.2).

export interface ByteRange {
  readonly start: number;
  /** The last byte itself. */
  readonly end: number;
}

/** Null where no range, or one we do not read, was asked for: then the whole file is sent. */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (found === null || (found[1] === '' && found[2] === '')) return null;
  if (found[1] === '') {
    const length = Math.min(size, Number(found[2]));
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(found[1]);
  const end = found[2] === '' ? size - 1 : Math.min(size - 1, Number(found[2]));
  if (start >= size) return 'unsatisfiable';
  return end < start ? null : { start, end };
}
