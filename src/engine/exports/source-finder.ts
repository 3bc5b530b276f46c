// Finds and decodes the source picture of a generated one, by the hash of the imported file's bytes.

import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Raster } from '../../core/image/raster.ts';
import { decodePicture, sha256File } from '../imaging/index.ts';
import type { SourceRef } from './export-job.ts';
import type { Manifest } from './manifest.ts';
import { isSafePath } from './manifest.ts';

export interface FinderOptions {
  readonly sources?: readonly string[];
  readonly findSource?: (source: SourceRef) => Promise<Uint8Array | string | null>;
}

/** Decoded sources kept at hand; many generated pictures share one. */
const KEPT = 8;

/** Looks among the real pictures of the export, then in the given folders, then asks `findSource`. */
export class SourceFinder {
  private readonly dir: string;
  private readonly options: FinderOptions;
  private readonly inExport: Map<string, string>;
  private readonly decoded = new Map<string, Raster | null>();

  constructor(dir: string, manifest: Manifest, hashes: ReadonlyMap<string, string>, options: FinderOptions) {
    this.dir = dir;
    this.options = options;
    // A re-encoded picture holds the same pixels; a copy only counts while it still has the imported bytes.
    const usable = manifest.real.filter((r) => r.reencoded || hashes.get(r.file) === r.sha256);
    this.inExport = new Map(usable.map((r) => [r.sha256, r.file]));
  }

  /** The source's pixels, or null where it is not to be found. */
  async find(source: SourceRef): Promise<Raster | null> {
    const known = this.decoded.get(source.sha256);
    if (known !== undefined) return known;
    const input = await this.locate(source);
    const raster = input === null ? null : (await decodePicture(input, { name: source.file })).raster;
    if (this.decoded.size >= KEPT) this.decoded.delete(this.decoded.keys().next().value!);
    this.decoded.set(source.sha256, raster);
    return raster;
  }

  private async locate(source: SourceRef): Promise<Uint8Array | string | null> {
    const exported = this.inExport.get(source.sha256);
    if (exported !== undefined) return join(this.dir, exported);
    for (const folder of isSafePath(source.file) ? (this.options.sources ?? []) : []) {
      const path = await inside(folder, source.file);
      if (path !== null && (await sha256File(path)) === source.sha256) return path;
    }
    return (await this.options.findSource?.(source)) ?? null;
  }
}

/** The real path of `folder/file`, or null where it does not exist or leaves the folder. */
async function inside(folder: string, file: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, file));
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : null;
  } catch {
    return null;
  }
}
