// Small helpers for values on the command line: lists of files, sizes for people.

import { resolve } from 'node:path';
import type { Args } from './args.ts';

/** `FILE[=VALUE],...`: files made absolute, each with what stands behind its last '='. */
export function listOf(args: Args, name: string): { file: string; value?: string }[] {
  const text = args.text(name);
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const [, file, value] = /^([^=]+)(?:=([^=]*))?$/.exec(part.trim()) ?? [];
    if (file === undefined || value === '')
      throw args.wrong(name, `cannot hold "${part}"; write FILE or FILE=VALUE`);
    return value === undefined ? { file: resolve(file) } : { file: resolve(file), value };
  });
}

/** 4.2 GB. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
