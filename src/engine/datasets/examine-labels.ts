// Turns the marks of one decoded picture into items: one per defect type, each with the mask that will be stored.

import { AppError } from '../../core/base/errors.ts';
import type { ImportItem } from '../../core/domain/import-report.ts';
import { printable } from '../../core/formats/annotations/json.ts';
import type { AnnotatedObject } from '../../core/formats/annotations/model.ts';
import { safeTypeName } from '../../core/formats/annotations/type-name.ts';
import { inPixels } from '../../core/formats/annotations/yolo.ts';
import { maskArea } from '../../core/image/raster.ts';
import { encodeMaskPng } from '../imaging/index.ts';
import type { Labels } from './candidate.ts';
import { countValues, deriveMask, type Marks } from './derive-mask.ts';
import { isGoodName } from './folder-words.ts';
import type { Tally } from './tally.ts';

/** Says something about the picture. */
export type Warn = (message: string, hint: string) => void;

/** Types of defects in one picture. */
const MOST_TYPES = 100;
const DRAW_AGAIN = 'Open the picture in the annotation program, correct the mark, and export again.';

/** `item` is the picture as far as it is known without its labels. */
export async function examineLabels(
  item: ImportItem,
  labels: Labels,
  warn: Warn,
  tally: Tally,
): Promise<ImportItem[]> {
  const { width, height } = item;
  const { picture } = labels;
  if (picture.objects.length === 0) {
    tally.unmarked(labels);
    return [{ ...item, role: 'normal' }];
  }
  const unlabelled: ImportItem = { ...item, role: 'unlabelled' };
  if (picture.width !== null && picture.height !== null && picture.relative !== true) {
    if (picture.width !== width || picture.height !== height) {
      const made = `${picture.width}x${picture.height}`;
      const message = `the annotation is for a picture of ${made}, this one is ${width}x${height}; taken as unlabelled`;
      warn(
        message,
        'Was the picture scaled, cut or turned after it was annotated? Import the one that was annotated.',
      );
      return [unlabelled];
    }
  }
  const objects = inPixels(picture, width, height).objects.filter(
    (object) => !isGoodName(safeTypeName(object.type)),
  );
  if (objects.length === 0) {
    warn('only good areas are marked in it; taken as good', 'Nothing to do if this part is good.');
    return [{ ...item, role: 'normal' }];
  }
  const { objects: present, unnamed } = await inClassPicture(labels, objects, item);
  const ignored = present.filter((object) => object.ignore);
  const types = byType(present, warn);
  if (types.size > MOST_TYPES) {
    throw new AppError(
      'bad-dataset',
      `${item.file} is marked with ${types.size} types; at most ${MOST_TYPES} are taken.`,
      {
        file: item.file,
        hint: 'Types are kinds of defects, not single marks: give the same kind the same name.',
      },
    );
  }
  const items: ImportItem[] = [];
  for (const [type, own] of types) {
    const marks: Marks = { width, height, objects: own, ignored, maskFiles: labels.maskFiles };
    const { mask, filledBoxes, crossed, outside } = await deriveMask(marks);
    const maskAreaPx = maskArea(mask);
    sayAbout(type, crossed, 'crosses itself; every second layer counts as a hole', warn);
    sayAbout(type, outside, 'reaches beyond the picture; cut at its border', warn);
    if (maskAreaPx === 0) {
      const fromColours = own.every((object) => object.shapes.every((shape) => shape.kind === 'file'));
      if (!fromColours) warn(`the marks of "${type}" cover no pixel; left out`, DRAW_AGAIN);
      continue;
    }
    if (filledBoxes > 0) tally.boxesOnly(labels, filledBoxes);
    if (maskAreaPx > (width * height) / 2) {
      warn(`more than half of the picture is marked as "${type}"`, 'Check that this is meant.');
    }
    const maskPng = async (): Promise<Uint8Array> => encodeMaskPng((await deriveMask(marks)).mask);
    items.push({ ...item, role: 'defect', type, maskFile: labels.file, maskPng, maskAreaPx });
  }
  if (unnamed > 0) {
    const message = `${unnamed} pixels of its class picture have colours that no type is named for; left out`;
    warn(message, 'Name every colour in labelmap.txt.');
  } else if (items.length === 0 && labels.maskFiles.size > 0) return [{ ...item, role: 'normal' }];
  if (items.length > 0) return items;
  warn('nothing in its annotation can be used; taken as unlabelled', DRAW_AGAIN);
  return [unlabelled];
}

/**
 * Of the objects of a class picture only those whose colour occurs, and how many pixels have a colour that nothing
 * names. Other annotations come back as they are.
 */
async function inClassPicture(
  labels: Labels,
  objects: readonly AnnotatedObject[],
  item: ImportItem,
): Promise<{ objects: readonly AnnotatedObject[]; unnamed: number }> {
  const [entry] = labels.maskFiles;
  if (entry === undefined) return { objects, unnamed: 0 };
  const counts = await countValues(entry[0], entry[1], item);
  const valuesOf = ({ shapes }: AnnotatedObject): (number | null)[] =>
    shapes.map((shape) => (shape.kind === 'file' ? shape.value : null));
  const named = new Set(objects.flatMap(valuesOf));
  let unnamed = 0;
  if (!named.has(null)) for (const [value, n] of counts) if (value !== 0 && !named.has(value)) unnamed += n;
  const occurs = (value: number | null): boolean => value === null || counts.has(value);
  return { objects: objects.filter((object) => valuesOf(object).some(occurs)), unnamed };
}

/** Objects to judge by the safe name of their type, in order of appearance. */
function byType(objects: readonly AnnotatedObject[], warn: Warn): Map<string, AnnotatedObject[]> {
  const types = new Map<string, AnnotatedObject[]>();
  const renamed = new Set<string>();
  for (const object of objects) {
    if (object.ignore) continue;
    const type = safeTypeName(object.type);
    if (type !== object.type && !renamed.has(object.type)) {
      renamed.add(object.type);
      warn(
        `the type "${printable(object.type)}" is taken as "${type}"`,
        'Use plain letters in names of types.',
      );
    }
    const own = types.get(type);
    if (own === undefined) types.set(type, [object]);
    else own.push(object);
  }
  return types;
}

function sayAbout(type: string, labels: readonly string[], what: string, warn: Warn): void {
  if (labels.length === 0) return;
  const more = labels.length > 1 ? ` (and ${labels.length - 1} more)` : '';
  warn(`${labels[0]}${more} of "${type}" ${what}`, DRAW_AGAIN);
}
