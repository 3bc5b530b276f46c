// An inspection as files: heat pictures, 16-bit maps, a table of scores, and what they mean.

import { basename, join } from 'node:path';
import { csvLine } from '../../core/formats/csv.ts';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import { NameAllocator } from '../exports/safe-name.ts';

export interface WrittenPicture {
  readonly file: string;
  readonly sha256: string;
  readonly score: number;
  readonly anomalous: boolean | null;
  readonly label: 'good' | 'defect' | null;
  /** Blobs. */
  readonly heat: string;
  readonly map: string;
}

export interface WrittenInspection {
  readonly pictures: readonly WrittenPicture[];
  readonly threshold: { readonly value: number | null; readonly falseAlarms: number; readonly goods: number };
  readonly perCode: number;
  readonly mode: string;
  readonly model: string;
}

/** Writes `NAME_heat.png`, `NAME_map.png` and scores.csv; the table last, so that it never names what is missing. */
export async function writeInspection(
  folder: string,
  inspection: WrittenInspection,
  read: (blob: string) => Promise<Uint8Array>,
): Promise<string> {
  await makeFolder(folder);
  const names = new NameAllocator();
  const lines = [['file', 'score', 'anomalous', 'label', 'heat', 'map', 'sha256']];
  for (const picture of inspection.pictures) {
    const stem = names.allocate('', basename(picture.file).replace(/\.[^.]*$/, ''));
    const [heat, map] = [`${stem}_heat.png`, `${stem}_map.png`];
    await atomicWrite(join(folder, heat), await read(picture.heat));
    await atomicWrite(join(folder, map), await read(picture.map));
    const anomalous = picture.anomalous === null ? '' : String(picture.anomalous);
    const { file, score, label, sha256 } = picture;
    lines.push([file, String(score), anomalous, label ?? '', heat, map, sha256]);
  }
  const { threshold, perCode, mode, model } = inspection;
  const facts = { model, mode, threshold, mapValuePerCode: perCode };
  await atomicWrite(join(folder, 'inspection.json'), `${JSON.stringify(facts, null, 1)}\n`);
  await atomicWrite(join(folder, 'scores.csv'), `${lines.map(csvLine).join('')}`);
  return folder;
}
