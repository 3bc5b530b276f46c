// What each format calls the defect types: folder names where types are folders, else one line of text.

import { compareCodePoints } from '../../core/domain/text-order.ts';
import type { ExportFormat } from '../../core/formats/annotations/export-formats.ts';
import { safeTypeName } from '../../core/formats/annotations/type-name.ts';
import { isGoodName, isMaskFolder, isPictureFolder, splitOf } from '../datasets/folder-words.ts';
import { GOOD } from './export-job.ts';
import { NameAllocator } from './safe-name.ts';

/** Leaves room for a number within what an import keeps of a name. */
const LONGEST = 90;
/** Labels that annotation programs and our own readers give a meaning. */
const RESERVED = /^_*(?:background|ignore|void|anomaly|synthetic|unlabel+ed|unknown category)_*$/i;
/** What separates names from the rest in files that have no way to escape it, or whose readers rarely know it. */
const UNSAYABLE: Partial<Record<ExportFormat, RegExp>> = { voc: /[:#]/g, 'yolo-seg': /["\\#]/g };

/** Names by type, without `good`, sorted by type; different types get different names. */
export function typeNames(format: ExportFormat, types: Iterable<string>): Map<string, string> {
  const sorted = [...new Set(types)].filter((type) => type !== GOOD).sort(compareCodePoints);
  return format === 'mvtec' || format === 'masks' ? asFolders(sorted) : asText(sorted, format);
}

function asFolders(types: readonly string[]): Map<string, string> {
  const names = new NameAllocator();
  names.allocate('', GOOD);
  return new Map(types.map((type) => [type, names.allocate('', hasMeaning(type) ? `type_${type}` : type)]));
}

function asText(types: readonly string[], format: ExportFormat): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    types.map((type) => {
      const plain = safeTypeName(hasMeaning(type) ? `type_${type}` : type).slice(0, LONGEST);
      const unsayable = UNSAYABLE[format];
      const base = unsayable === undefined ? plain : plain.replace(unsayable, '_');
      let name = base;
      for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
      taken.add(name);
      return [type, name];
    }),
  );
}

/** Words that readers of folders and files take for something else than a defect. */
function hasMeaning(name: string): boolean {
  const word = name.trim();
  if (RESERVED.test(word)) return true;
  return isGoodName(word) || isMaskFolder(word) || isPictureFolder(word) || splitOf(word) !== null;
}
