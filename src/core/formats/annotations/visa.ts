// The tables of the VisA layout: which picture is normal, which has a mask, of what type, in which split.

import { parseCsv } from '../csv.ts';
import { Collector } from './collect.ts';
import { printable } from './json.ts';
import type { AnnotationNote } from './model.ts';

export interface VisaRow {
  readonly image: string;
  /** Null where the table says none. */
  readonly mask: string | null;
  readonly normal: boolean;
  /** Name of the defect; null where the table only says that there is one. */
  readonly type: string | null;
  readonly split: 'train' | 'test' | null;
}

/** True for a table with columns image, label and mask. */
export function isVisaTable(text: string): boolean {
  const cells = text.slice(0, 200).split(/\r?\n/, 1)[0].toLowerCase().split(',');
  const plain = cells.map((cell) => cell.replaceAll('"', '').trim());
  return ['image', 'label', 'mask'].every((name) => plain.includes(name));
}

export function readVisaTable(text: string): { rows: VisaRow[]; notes: readonly AnnotationNote[] } {
  const [head, ...lines] = parseCsv(text);
  const columns = head.map((cell) => cell.trim().toLowerCase());
  const at = (name: string): number => columns.indexOf(name);
  const out = new Collector();
  const rows: VisaRow[] = [];
  for (const [i, cells] of lines.entries()) {
    const line = `line ${i + 2}`;
    if (cells.length !== columns.length) {
      out.reject(null, `${line} has ${cells.length} cells instead of ${columns.length}, refused`);
      continue;
    }
    const cell = (name: string): string => (at(name) < 0 ? '' : cells[at(name)].trim());
    const image = out.name(cell('image'), line);
    const mask = cell('mask') === '' ? null : out.name(cell('mask'), line);
    if (image === null || (mask === null && cell('mask') !== '')) continue;
    const label = cell('label');
    const split = cell('split').toLowerCase();
    if (split !== '' && split !== 'train' && split !== 'test') {
      out.reject(null, `${line} has the split "${printable(split, 30)}", not train or test; refused`);
      continue;
    }
    const normal = label.toLowerCase() === 'normal';
    const named = normal || label === '' || label.toLowerCase() === 'anomaly' ? null : label;
    rows.push({ image, mask, normal, type: named, split: split === '' ? null : split });
  }
  return { rows, notes: out.done().notes };
}
