// Tells how a folder is laid out, and says by what it was recognised.

import { basename, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { ImportLayout, ImportProblem, ReadableLayout } from '../../core/domain/import-report.ts';
import type { Candidate, LayoutReading } from './candidate.ts';
import { type FoundLabels, findLabels, LABEL_LAYOUTS, layoutName } from './find-labels.ts';
import { dagmProducts, readDagm } from './layout-dagm.ts';
import { countMasks, readImageMask } from './layout-image-mask.ts';
import { mvtecProducts, readMvtec } from './layout-mvtec.ts';
import { readVisa, readVisaTables, visaProducts } from './layout-visa.ts';
import { isVocMask } from './layout-voc-masks.ts';
import { mergeClaims } from './merge-labels.ts';
import type { WalkResult } from './walk.ts';

export interface RecogniseOptions {
  readonly layout?: 'auto' | ReadableLayout;
  readonly product?: string;
  readonly signal?: AbortSignal;
}

export interface Recognised {
  readonly layout: ImportLayout;
  readonly why: string;
  readonly product: string;
  readonly reading: LayoutReading;
}

/** What the arrangement of folders says, without any annotation file. */
interface Base extends LayoutReading {
  readonly layout: 'mvtec' | 'visa' | 'dagm' | 'image-mask';
  readonly why: string;
  /** Folder of the product, '' for the source itself; null where the layout knows no products. */
  readonly prefix: string | null;
}

const EXPECTED: Partial<Record<ReadableLayout, string>> = {
  mvtec: 'It needs train/good, test/good, test/TYPE and ground_truth/TYPE; or try --layout image-mask.',
  visa: 'It needs PRODUCT/Data/Images and PRODUCT/Data/Masks, or a table with columns image, label and mask.',
  dagm: 'It needs Train or Test with a folder Label in it that holds pictures named NAME_label.',
};

/** Reads the layout `options` name, or finds out; throws `bad-dataset` where the named one is not there. */
export async function recognise(
  src: string,
  walk: WalkResult,
  options: RecogniseOptions,
): Promise<Recognised> {
  const wanted = options.layout ?? 'auto';
  const readsLabels = wanted === 'auto' || LABEL_LAYOUTS.includes(wanted);
  const labels = readsLabels ? await findLabels(walk, wanted, options.signal) : null;
  if (labels !== null && wanted !== 'auto' && labels.claims.length === 0) throw noLabels(src, wanted, labels);
  const labelled = new Set(labels?.claims.map((claim) => claim.candidate.file));
  const base = await readBase(src, walk, wanted, options.product, labelled);
  const named = options.product ?? basename(resolve(src));
  const product = base.prefix
    ? (options.product ?? base.prefix.slice(base.prefix.lastIndexOf('/') + 1))
    : named;
  if (labels === null || (labels.claims.length === 0 && labels.problems.length === 0)) {
    return { layout: base.layout, why: base.why, product, reading: base };
  }
  return { product, ...combine(base, labels) };
}

/** Puts labels of files and of folders together. */
function combine(
  base: Base,
  labels: FoundLabels,
): { layout: ImportLayout; why: string; reading: LayoutReading } {
  const clashes: ImportProblem[] = [];
  const byMasks = base.candidates.some((candidate) => candidate.mask !== null);
  const claims = [
    ...base.candidates.map((candidate) => ({ candidate, by: base.why.split(':')[0] })),
    ...labels.claims,
  ];
  const candidates = mergeClaims(claims, clashes);
  const layouts = new Map<ReadableLayout, number>();
  for (const { role, labels: own } of candidates) {
    const layout = own?.layout ?? (byMasks && role !== 'unlabelled' ? base.layout : null);
    if (layout !== null) layouts.set(layout, (layouts.get(layout) ?? 0) + 1);
  }
  const sentence = (layout: ReadableLayout): string =>
    reasonOf(layout, layouts.get(layout) ?? 0, base, labels);
  // Where masks label the pictures, a damaged annotation file takes nothing away.
  const problems = labels.problems.map((p) => (byMasks ? { ...p, level: 'warn' as const } : p));
  const reading = { candidates, problems: [...base.problems, ...problems, ...clashes] };
  const found = [...layouts.keys()];
  if (found.length === 0) return { layout: base.layout, why: base.why, reading };
  if (found.length === 1) return { layout: found[0], why: `${sentence(found[0])}.`, reading };
  return { layout: 'mixed', why: `A mixture. ${found.map(sentence).join('; ')}.`, reading };
}

function reasonOf(layout: ReadableLayout, count: number, base: Base, labels: FoundLabels): string {
  const pictures = `${count} picture${count === 1 ? '' : 's'}`;
  if (!LABEL_LAYOUTS.includes(layout)) return `${base.why.replace(/\.$/, '')} (${pictures})`;
  const files = labels.files.get(layout) ?? [];
  const which = files.length === 1 ? files[0] : `${files.length} files such as ${files[0]}`;
  return `${layoutName(layout)}: ${which} label${files.length === 1 ? 's' : ''} ${pictures}`;
}

async function readBase(
  src: string,
  walk: WalkResult,
  wanted: 'auto' | ReadableLayout,
  product: string | undefined,
  labelled: ReadonlySet<string>,
): Promise<Base> {
  const is = (layout: ReadableLayout): boolean => wanted === 'auto' || wanted === layout;
  const where = (prefix: string): string => (prefix === '' ? 'the folder' : `its subfolder "${prefix}"`);
  const mvtec = is('mvtec') ? chooseProduct(src, mvtecProducts(walk), product) : null;
  if (mvtec !== null) {
    const why = `MVTec layout: ${where(mvtec)} has its folders (train/good, test, ground_truth).`;
    return { layout: 'mvtec', why, prefix: mvtec, ...readMvtec(walk, mvtec, labelled) };
  }
  const tables = is('visa') ? await readVisaTables(walk) : { tables: [], problems: [] };
  const visaFolder = is('visa') ? chooseProduct(src, visaProducts(walk), product) : null;
  const visa = visaFolder ?? (tables.tables.length > 0 ? '' : null);
  if (visa !== null) {
    const table = tables.tables.map((t) => t.file).join(', ');
    const by = [
      visaFolder === null ? '' : `${where(visa)} has Data/Images`,
      table === '' ? '' : `tables ${table}`,
    ];
    const why = `VisA layout: ${by.filter((part) => part !== '').join(', ')}.`;
    return { layout: 'visa', why, prefix: visa, ...readVisa(walk, visa, tables) };
  }
  const dagm = is('dagm') ? chooseProduct(src, dagmProducts(walk), product) : null;
  if (dagm !== null) {
    const why = `DAGM layout: ${where(dagm)} has Train or Test with pictures NAME_label in its folder Label.`;
    return { layout: 'dagm', why, prefix: dagm, ...(await readDagm(walk, dagm)) };
  }
  if (wanted !== 'auto' && Object.hasOwn(EXPECTED, wanted)) {
    throw new AppError('bad-dataset', `${src} is not in ${wanted === 'mvtec' ? 'MVTec' : wanted} layout.`, {
      file: src,
      hint: EXPECTED[wanted],
    });
  }
  return readPictures(walk, wanted, labelled);
}

/** Pictures and masks in plain folders; beside a named annotation layout the masks are left alone. */
function readPictures(
  walk: WalkResult,
  wanted: 'auto' | ReadableLayout,
  labelled: ReadonlySet<string>,
): Base {
  const photos = { ...walk, files: walk.files.filter((f) => labelled.size === 0 || !isVocMask(f.file)) };
  const masks = countMasks(photos);
  const why =
    masks > 0
      ? `Pictures with masks: ${masks} file${masks === 1 ? '' : 's'} in folders like masks/ or named NAME_mask.`
      : 'Pictures only: no file is in a folder like masks/ or named NAME_mask.';
  const { candidates, problems } = readImageMask(photos);
  const onlyLabels = wanted !== 'auto' && wanted !== 'image-mask';
  const plain = (candidate: Candidate): Candidate =>
    candidate.mask === null ? candidate : { ...candidate, role: 'unlabelled', mask: null };
  const read = onlyLabels ? candidates.map(plain) : candidates;
  return { layout: 'image-mask', why, prefix: null, candidates: read, problems: onlyLabels ? [] : problems };
}

function noLabels(src: string, wanted: ReadableLayout, labels: FoundLabels): AppError {
  const first = labels.problems.find((problem) => problem.level === 'reject');
  const because = first === undefined ? '' : ` ${first.file}: ${first.message}`;
  return new AppError(
    'bad-dataset',
    `${src} holds no ${layoutName(wanted)} labels that can be used.${because}`,
    {
      file: first?.file ?? src,
      problems: labels.problems,
      hint: first?.hint ?? 'Name another --layout, or leave it out to have the layout recognised.',
    },
  );
}

/** The product's folder, or null where there is none; several without a name are refused with the list. */
function chooseProduct(src: string, folders: string[], wanted: string | undefined): string | null {
  if (folders.length === 0) return null;
  if (folders.length === 1) return folders[0];
  const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1);
  const products = folders.map(nameOf);
  const list = products.join(', ');
  if (wanted === undefined) {
    throw new AppError('bad-dataset', `${src} holds ${products.length} products: ${list}.`, {
      file: src,
      products,
      choices: products,
      hint: `Name one of them with --product, or import ${products[0]}'s own folder.`,
    });
  }
  const found =
    folders.find((folder) => folder === wanted) ?? folders.find((folder) => nameOf(folder) === wanted);
  if (found !== undefined) return found;
  throw new AppError('not-found', `${src} has no product "${wanted}".`, {
    file: src,
    products,
    hint: `It holds: ${list}.`,
  });
}
