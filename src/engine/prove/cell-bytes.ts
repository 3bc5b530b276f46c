// The test of one detector as bytes in the store: per picture its counts, its score and a small map.

import { gunzipSync, gzipSync } from 'node:zlib';
import { invariant } from '../../core/base/errors.ts';
import type { ScoredTest } from '../../core/prove/pooled-metrics.ts';
import { SCORE_BINS } from '../../core/prove/score-histogram.ts';

/** A score map small enough to be shown: 255 is a probability of 1. */
export interface SmallMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface TestedPicture extends ScoredTest {
  readonly map: SmallMap;
}

interface Head {
  readonly isDefect: boolean;
  readonly imageScore: number;
  readonly regions: number;
  readonly found: number;
  readonly marked: number;
  readonly width: number;
  readonly height: number;
}

/** Counts fit into 32 bits: a picture has fewer pixels. */
const COUNTS = 3 * 4 * SCORE_BINS;

export function cellBytes(tests: readonly TestedPicture[]): Uint8Array {
  const heads = tests.map(({ isDefect, imageScore, counts, map }): Head => {
    const { regions, fixed } = counts;
    return { isDefect, imageScore, regions, ...fixed, width: map.width, height: map.height };
  });
  const head = Buffer.from(JSON.stringify(heads));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const parts = tests.flatMap(({ counts, map }) => [
    bytesOf(Uint32Array.from(counts.good)),
    bytesOf(Uint32Array.from(counts.defect)),
    bytesOf(Float32Array.from(counts.region)),
    map.data,
  ]);
  return gzipSync(Buffer.concat([length, head, ...parts]));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

export function readCell(bytes: Uint8Array): TestedPicture[] {
  const all = gunzipSync(bytes);
  const start = 4 + all.readUInt32LE(0);
  const heads: Head[] = JSON.parse(all.subarray(4, start).toString('utf8'));
  let at = start;
  const next = (size: number): ArrayBuffer => {
    invariant(at + size <= all.length, 'a stored test is cut short');
    const part = all.buffer.slice(all.byteOffset + at, all.byteOffset + at + size) as ArrayBuffer;
    at += size;
    return part;
  };
  return heads.map(({ isDefect, imageScore, regions, found, marked, width, height }) => {
    const third = COUNTS / 3;
    const counts = {
      good: Float64Array.from(new Uint32Array(next(third))),
      defect: Float64Array.from(new Uint32Array(next(third))),
      region: Float64Array.from(new Float32Array(next(third))),
      regions,
      fixed: { found, marked },
    };
    const map = { width, height, data: new Uint8Array(next(width * height)) };
    return { isDefect, imageScore, counts, map };
  });
}
