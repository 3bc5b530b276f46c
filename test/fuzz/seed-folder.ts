// A small product folder in one of the layouts that are imported, and a workspace that holds it.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CocoWriter } from '../../src/core/formats/annotations/write-coco.ts';
import { CvatWriter } from '../../src/core/formats/annotations/write-cvat.ts';
import { LabelmeWriter } from '../../src/core/formats/annotations/write-labelme.ts';
import type { AnnotationWriter } from '../../src/core/formats/annotations/write-model.ts';
import { defaultServices } from '../../src/engine/default-services.ts';
import { createContext, type EngineContext } from '../../src/engine/engine-context.ts';
import type { Call } from '../../src/engine/handlers/call.ts';
import { importDataset } from '../../src/engine/handlers/import.ts';
import { systemClock } from '../../src/engine/ids.ts';
import { encodeMaskPng, encodePng } from '../../src/engine/imaging/index.ts';
import { testRaster } from '../engine/imaging/make-pictures.ts';
import { SEED_HEIGHT, SEED_TYPES, SEED_WIDTH, seedPictures, writtenFiles } from './labelled-seeds.ts';

/** Relative names with '/', and what is in them. */
export type Files = ReadonlyMap<string, Uint8Array>;

export const silentCall = (): Call => ({ signal: new AbortController().signal, emit() {} });

export function engineOn(folder: string): EngineContext {
  return createContext(folder, systemClock(), defaultServices());
}

/** Pictures with mask files in MVTec layout. */
export async function mvtecFiles(): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const [i, { name, masks }] of seedPictures().entries()) {
    const picture = await encodePng(testRaster(SEED_WIDTH, SEED_HEIGHT, 3, false, i));
    const [first] = masks;
    if (!first) files.set(`train/good/${name}`, picture);
    else {
      const type = first.type.replace(/\W+/g, '_');
      files.set(`test/${type}/${name}`, picture);
      files.set(`ground_truth/${type}/${name.replace('.png', '_mask.png')}`, await encodeMaskPng(first.mask));
    }
  }
  return files;
}

/** Pictures beside the annotation files of one writer. */
export async function annotatedFiles(writer: AnnotationWriter): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const [i, { name }] of seedPictures().entries())
    files.set(`images/${name}`, await encodePng(testRaster(SEED_WIDTH, SEED_HEIGHT, 3, false, i)));
  for (const [name, text] of writtenFiles(writer)) files.set(name, Buffer.from(text));
  return files;
}

export function folderSeeds(): Promise<Files[]> {
  return Promise.all([
    mvtecFiles(),
    annotatedFiles(new CocoWriter('part', SEED_TYPES)),
    annotatedFiles(new LabelmeWriter()),
    annotatedFiles(new CvatWriter('part', SEED_TYPES)),
  ]);
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

/** Imports a folder the way the command does, leaving out what cannot be used. */
export async function importInto(context: EngineContext, source: string): Promise<void> {
  const input = { source, layout: 'auto', dryRun: false, skipBad: true } as const;
  await context.writable({ create: true });
  await importDataset(context, input, silentCall());
}

/** Makes a workspace with the MVTec seed in `folder`; copies of it are cheap. */
export async function makeWorkspace(folder: string, source: string): Promise<void> {
  writeFiles(source, await mvtecFiles());
  const context = engineOn(folder);
  await importInto(context, source);
  await context.close();
}

export function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}
