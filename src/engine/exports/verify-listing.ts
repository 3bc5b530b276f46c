// Holds the files of an export against its manifest.

import { isAnnotationFile } from './annotation-files.ts';
import { CARD_FILE } from './card.ts';
import { SUMS_FILE, VERIFY_CMD } from './checksums.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { SYNTHETIC_FILE } from './synthetic-list.ts';
import type { ProblemList } from './verify-problem.ts';

/** Every file of the manifest is there once, and every other file is one we know. */
export function checkListing(
  manifest: Manifest,
  hashes: ReadonlyMap<string, string>,
  problems: ProblemList,
): void {
  const known = new Set([MANIFEST_FILE, SUMS_FILE, CARD_FILE, VERIFY_CMD, SYNTHETIC_FILE]);
  const types = new Map<string, Set<string>>();
  for (const { file, mask, type, ...rest } of [...manifest.generated, ...manifest.real]) {
    // A photo with defects of several types has an entry for each.
    const others = types.get(file);
    const again = 'imported' in rest && others !== undefined && !others.has(type);
    types.set(file, (others ?? new Set()).add(type));
    for (const path of [...(again ? [] : [file]), ...(mask === null ? [] : [mask])]) {
      if (known.has(path)) problems.add(path, `The manifest lists ${path} twice.`);
      known.add(path);
      if (!hashes.has(path)) problems.add(path, `The manifest lists ${path}, which does not exist.`);
    }
  }
  for (const file of hashes.keys()) {
    if (known.has(file) || isAnnotationFile(manifest.format, file)) continue;
    problems.add(file, `The manifest does not list ${file}.`, 'Remove it; it does not belong to the export.');
  }
}
