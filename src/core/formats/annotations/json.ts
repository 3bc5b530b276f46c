// JSON of annotation files: bounded before it is parsed, and read without ever trusting a key or a type.

import { AppError } from '../../base/errors.ts';

/** Bounds on a hostile file; a set with a million outlines stays far below them. */
const MAX_DEPTH = 64;
const MAX_CONTAINERS = 4_000_000;
const MAX_VALUES = 16_000_000;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const COPY = 'Export the annotations again, and copy the file completely.';

/** Parses `text`, or throws `bad-dataset` with what is wrong with it, worded to follow the file's name. */
export function parseAnnotationJson(text: string): Json {
  const problem = boundsProblem(text);
  if (problem !== null) throw new AppError('bad-dataset', problem, { hint: COPY });
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0].slice(0, 160) : '';
    throw new AppError(
      'bad-dataset',
      `is damaged: not valid JSON (${printable(why)})`,
      { hint: COPY },
      cause,
    );
  }
}

/** One pass over the text without building anything. */
function boundsProblem(text: string): string | null {
  let depth = 0;
  let containers = 0;
  let values = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x5c) i++;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x5b || c === 0x7b) {
      containers++;
      if (++depth > MAX_DEPTH)
        return `is not an annotation file: lists inside lists more than ${MAX_DEPTH} deep`;
    } else if (c === 0x5d || c === 0x7d) depth--;
    else if (c === 0x2c) values++;
  }
  if (containers > MAX_CONTAINERS || values > MAX_VALUES)
    return 'holds more entries than can be read at once';
  return null;
}

/** The value of an own key; undefined where `from` is no object or has no such key. */
export function field(from: Json | undefined, key: string): Json | undefined {
  if (!isRecord(from) || !Object.hasOwn(from, key)) return undefined;
  return from[key];
}

export function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textField(from: Json | undefined, key: string): string | null {
  const value = field(from, key);
  return typeof value === 'string' ? value : null;
}

/** A finite number, also where it is written as text. */
export function numberField(from: Json | undefined, key: string): number | null {
  const value = field(from, key);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

export function listField(from: Json | undefined, key: string): Json[] | null {
  const value = field(from, key);
  return Array.isArray(value) ? value : null;
}

/** Picture sides: a whole number from 1, else null. */
export function sizeField(from: Json | undefined, key: string): number | null {
  const value = numberField(from, key);
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}

/** Untrusted text for messages: no control characters or marks that turn the reading direction. */
export function printable(text: string, most = 80): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');
  return plain.length > most ? `${plain.slice(0, most)}...` : plain;
}
