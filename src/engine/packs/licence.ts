// What a model's own files say about its licence.

import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openSafetensors } from './safetensors-file.ts';

export interface Licence {
  /** Its name or first line; `not stated` where nothing says it. */
  readonly title: string;
  readonly file: string | null;
  /** The text, at most its first 20,000 bytes; null where only a name is given. */
  readonly text: string | null;
}

const LICENCE_FILE = /^(licen[cs]e|copying|use[_-]?policy)([._-].*)?$/i;
const MOST_BYTES = 20_000;

/** The beginning of a text, however long it is. */
function readText(file: string): string {
  const bytes = Buffer.alloc(MOST_BYTES);
  const fd = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)).toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** `license:` (or `license_name:`) of a model card's front matter. */
function cardLicence(folder: string): Licence | null {
  const file = join(folder, 'README.md');
  if (!existsSync(file) || !statSync(file).isFile()) return null;
  const [, front] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readText(file)) ?? [];
  const name = (key: string) =>
    new RegExp(`^${key}:\\s*["']?([^"'\\r\\n]+?)["']?\\s*$`, 'm').exec(front ?? '');
  const found = name('license_name') ?? name('license');
  return found ? { title: found[1], file, text: null } : null;
}

function licenceFile(folder: string, isLicence: (name: string) => boolean): Licence | null {
  const name = readdirSync(folder).find(isLicence);
  const file = name && join(folder, name);
  if (!file || !statSync(file).isFile()) return null;
  const text = readText(file);
  const title = text.split(/\r?\n/).find((line) => line.trim() !== '');
  return { title: title?.trim().slice(0, 200) ?? (name as string), file, text };
}

/** Licence of a model folder, or of a single file (its metadata, then STEM.license.txt or the like beside it). */
export function findLicence(path: string): Licence {
  const none: Licence = { title: 'not stated', file: null, text: null };
  if (statSync(path).isDirectory()) {
    return licenceFile(path, (name) => LICENCE_FILE.test(name)) ?? cardLicence(path) ?? none;
  }
  const file = openSafetensors(path);
  const said = file.metadata.get('modelspec.license') ?? file.metadata.get('license');
  file.close();
  if (said) return { title: said.slice(0, 200), file: path, text: null };
  // Other files may lie beside it: only a licence that carries the model's name is its own.
  const stem = basename(path).replace(/\.safetensors$/i, '');
  return licenceFile(dirname(path), (name) => name.startsWith(stem) && /licen[cs]e/i.test(name)) ?? none;
}
