// Finds the picture that an annotation file means: by its path, else by the longest unambiguous end of it.

import { resolveInside } from '../../core/formats/annotations/picture-name.ts';
import { folderOf } from './candidate.ts';
import { mayBePicture, stemOf } from './folder-words.ts';
import type { WalkedFile } from './walk.ts';

export type Found = { readonly entry: WalkedFile } | { readonly missing: 'outside' | 'absent' | 'ambiguous' };

export class PictureIndex {
  private readonly byPath = new Map<string, WalkedFile>();
  private readonly byName = new Map<string, WalkedFile[]>();
  private readonly byStem = new Map<string, WalkedFile[]>();
  private readonly byPlace = new Map<string, WalkedFile>();

  /** Pictures only, unless `filter` says otherwise. */
  constructor(files: readonly WalkedFile[], filter: (file: string) => boolean = mayBePicture) {
    for (const entry of files) {
      if (!filter(entry.file)) continue;
      this.byPath.set(entry.file, entry);
      push(this.byName, nameOf(entry.file).toLowerCase(), entry);
      push(this.byStem, stemOf(entry.file).toLowerCase(), entry);
      const key = placeOf(folderOf(entry.file), stemOf(entry.file));
      if (!this.byPlace.has(key)) this.byPlace.set(key, entry);
    }
  }

  /** Pictures of this stem, whatever their folder. */
  ofStem(stem: string): readonly WalkedFile[] {
    return this.byStem.get(stem.toLowerCase()) ?? [];
  }

  /** The picture of this stem in a folder, upper and lower case alike. */
  inFolder(folder: string, stem: string): WalkedFile | undefined {
    return this.byPlace.get(placeOf(folder, stem));
  }

  /** `name` as a file in `folder` writes it; `stem` is tried last (one annotation file per picture). */
  find(folder: string, name: string, stem: string | null = null): Found {
    const path = resolveInside(folder, name);
    if (path === null) return { missing: 'outside' };
    const exact = this.byPath.get(path);
    if (exact !== undefined) return { entry: exact };
    const named = this.byName.get(nameOf(path).toLowerCase()) ?? [];
    if (named.length > 0) return choose(named, path, folder);
    // Label Studio puts eight letters before the names of uploaded pictures.
    const uploaded = /^[0-9a-f]{8}-(.+)$/.exec(nameOf(path));
    const plain = uploaded === null ? [] : (this.byName.get(uploaded[1].toLowerCase()) ?? []);
    if (plain.length > 0) return choose(plain, path, folder);
    const same = this.ofStem(stem ?? stemOf(path));
    return same.length > 0 ? choose(same, path, folder) : { missing: 'absent' };
  }
}

/** The one that shares the longest end with `path`; with equal ends the one in the annotation's own folder. */
function choose(entries: readonly WalkedFile[], path: string, folder: string): Found {
  const wanted = path.split('/').slice(0, -1).reverse();
  const score = (entry: WalkedFile): number => {
    const parts = entry.file.split('/').slice(0, -1).reverse();
    let common = 0;
    while (common < wanted.length && common < parts.length && parts[common] === wanted[common]) common++;
    return common;
  };
  const best = entries.reduce((most, entry) => Math.max(most, score(entry)), 0);
  const closest = entries.filter((entry) => score(entry) === best);
  if (closest.length === 1) return { entry: closest[0] };
  const near = closest.filter((entry) => folderOf(entry.file) === folder);
  return near.length === 1 ? { entry: near[0] } : { missing: 'ambiguous' };
}

function push(map: Map<string, WalkedFile[]>, key: string, entry: WalkedFile): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

function placeOf(folder: string, stem: string): string {
  return `${folder}/${stem}`.toLowerCase();
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
