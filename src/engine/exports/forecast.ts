// Looks at an export before it is written: how large it gets, and what its format or a drive may not hold.

import { fatEntries } from '../../core/domain/file-systems.ts';
import { traceContours } from '../../core/image/contours.ts';
import { decodeMask } from '../imaging/index.ts';
import type { ExportForecast } from '../services.ts';
import type { ExportJob } from './export-job.ts';
import { GOOD } from './export-job.ts';
import { OUTLINES_ONLY, SEVERAL_TYPES } from './places.ts';
import { type ExportPlan, type Planned, planExport } from './plan.ts';
import { safeName } from './safe-name.ts';
import { bytesNeeded, OVERHEAD_BYTES, sizeOf } from './space.ts';

/** Formats whose masks lie together in one text file. */
const ONE_FILE: ReadonlySet<string> = new Set(['coco', 'cvat', 'label-studio']);
/** Looking at more masks would keep the user waiting; the count says of how many it is. */
const MOST_MASKS = 400;
/** The usual ending; JPEGs of the same length. */
const ENDING = '.png';

/** Reads sizes and some masks; writes nothing. */
export async function forecastExport(job: ExportJob): Promise<ExportForecast> {
  const plan = planExport(job);
  const files = plan.pictures.flatMap(filesOf);
  return {
    bytes: await bytesNeeded(job),
    largest: await largestOf(job, plan),
    fullest: fullestOf(files),
    longest: files.reduce((longest, file) => (file.length > longest.length ? file : longest), ''),
    renamed: renamedOf(plan),
    severalTypes: severalTypesOf(job),
    holes: OUTLINES_ONLY.has(job.format) ? await holesOf(plan, job.signal) : null,
    noValidation: job.format === 'visa' ? job.real.filter((item) => item.split === 'validation').length : 0,
    noMask: noMaskOf(job),
  };
}

function filesOf({ folder, stem, labels }: Planned): string[] {
  const masks = labels.flatMap(({ mask }) => (mask === null ? [] : [mask]));
  return [`${folder}/${stem}${ENDING}`, ...masks];
}

async function largestOf(job: ExportJob, plan: ExportPlan): Promise<ExportForecast['largest']> {
  let largest: ExportForecast['largest'] = null;
  let together = 0;
  for (const picture of plan.pictures) {
    for (const { item } of picture.labels) {
      const [image, mask] =
        'absPath' in item ? [item.absPath, item.maskAbsPath] : [item.imagePng, item.maskPng];
      const bytes = await sizeOf(image);
      together += (await sizeOf(mask)) + OVERHEAD_BYTES / 16;
      if (bytes > (largest?.bytes ?? 0)) largest = { file: `${picture.folder}/${picture.stem}`, bytes };
    }
  }
  // Run lengths take about what the mask's own file does.
  if (ONE_FILE.has(job.format) && together > (largest?.bytes ?? 0))
    return { file: `${job.format} annotations`, bytes: together };
  return largest;
}

function fullestOf(files: readonly string[]): ExportForecast['fullest'] {
  const names = new Map<string, number>();
  for (const file of files) {
    const at = file.lastIndexOf('/');
    const folder = file.slice(0, at);
    names.set(folder, (names.get(folder) ?? 0) + fatEntries(file.slice(at + 1)));
  }
  let fullest: ExportForecast['fullest'] = null;
  for (const [folder, count] of names) {
    if (count > (fullest?.names ?? 0)) fullest = { folder, names: count };
  }
  return fullest;
}

/** Pictures whose own name some system could not hold. */
function renamedOf(plan: ExportPlan): ExportForecast['renamed'] {
  const renamed = plan.pictures.flatMap((picture) => {
    if (picture.kind !== 'real') return [];
    const from = picture.labels[0].item.file.split('/').at(-1)!;
    const dot = from.lastIndexOf('.');
    const stem = dot > 0 ? from.slice(0, dot) : from;
    return safeName(stem) === stem ? [] : [{ from, to: picture.stem }];
  });
  return renamed.length === 0 ? null : { count: renamed.length, ...renamed[0] };
}

function severalTypesOf(job: ExportJob): number {
  if (SEVERAL_TYPES.has(job.format)) return 0;
  const types = new Map<string, Set<string>>();
  for (const { sha256, file, type } of job.real) {
    const key = `${sha256} ${file}`;
    types.set(key, (types.get(key) ?? new Set()).add(type));
  }
  return [...types.values()].filter((known) => known.size > 1).length;
}

async function holesOf(plan: ExportPlan, signal?: AbortSignal): Promise<ExportForecast['holes']> {
  let pictures = 0;
  let of = 0;
  for (const { labels } of plan.pictures) {
    for (const { item, mask } of labels) {
      const from = 'absPath' in item ? item.maskAbsPath : item.maskPng;
      if (mask === null || from === null) continue;
      if (of === MOST_MASKS || signal?.aborted) return { pictures, of };
      of++;
      if (await hasHoles(from)) pictures++;
    }
  }
  return { pictures, of };
}

/** A mask that cannot be read has none that we know; writing will say what is wrong. */
async function hasHoles(input: Uint8Array | string): Promise<boolean> {
  try {
    const { mask } = await decodeMask(input, undefined);
    return traceContours(mask).some(({ holes }) => holes.length > 0);
  } catch {
    return false;
  }
}

function noMaskOf(job: ExportJob): ExportForecast['noMask'] {
  const real = job.real
    .filter((item) => item.type !== GOOD && item.maskAbsPath === null)
    .map(({ file }) => file);
  const made = job.generated
    .filter((item) => item.type !== GOOD && item.maskPng === null)
    .map(({ id }) => id);
  const missing = [...real, ...made];
  return missing.length === 0 ? null : { count: missing.length, file: missing[0] };
}
