// Turns rows of the store into the pictures that services work with: ids, facts, and where the bytes lie.

import type { BlobReader } from '../blobs/blob-reader.ts';
import type { DatasetPicture, GenerationChecks, StoredPicture } from '../services.ts';
import type { GenerationWithStatus } from '../store/generations.ts';
import { getImage, type LabelledImage } from '../store/images.ts';
import type { ReadableWorkspace } from '../workspace.ts';

export function toDatasetPicture(image: LabelledImage, blobs: BlobReader): DatasetPicture {
  return {
    id: image.id,
    file: image.file,
    role: image.role,
    split: image.split,
    type: image.type,
    path: blobs.path(image.blob),
    sha256: image.blob,
    maskPath: image.maskBlob === null ? null : blobs.path(image.maskBlob),
    maskSha256: image.maskBlob,
    maskAreaPx: image.maskAreaPx,
    ignorePath: image.ignoreBlob ? blobs.path(image.ignoreBlob) : null,
    foregroundPath: image.foregroundBlob ? blobs.path(image.foregroundBlob) : null,
    width: image.width,
    height: image.height,
    channels: image.channels,
    bitDepth: image.bitDepth,
    group: image.group,
  };
}

export function toStoredPicture(row: GenerationWithStatus, workspace: ReadableWorkspace): StoredPicture {
  const { blobs, db } = workspace;
  const source = row.sourceImageId === null ? undefined : getImage(db, row.sourceImageId);
  return {
    id: row.id,
    index: row.index,
    runId: row.runId,
    generator: row.generator,
    type: row.type,
    seed: row.seed,
    path: blobs.path(row.imageBlob),
    sha256: row.imageBlob,
    maskPath: row.maskBlob === null ? null : blobs.path(row.maskBlob),
    maskSha256: row.maskBlob,
    label: row.label,
    width: row.width,
    height: row.height,
    window: row.window,
    source: source === undefined ? null : toDatasetPicture(source, blobs),
    sourceUse: row.sourceUse,
    recipe:
      row.repairs === 0 ? row.recipe : { ...row.recipe, repairs: row.repairs, maskSha256: row.maskBlob },
    checks: row.checks as unknown as GenerationChecks,
    flags: row.flags,
    status: row.status,
  };
}
