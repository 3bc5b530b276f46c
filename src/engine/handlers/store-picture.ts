// Stores one generated picture: its files first, then its row in one transaction, so a row never points at nothing.

import { canonicalJson } from '../../core/domain/json.ts';
import { sha256 } from '../blobs/blob-reader.ts';
import type { Clock } from '../ids.ts';
import type { GeneratedPicture, GenerateRequest } from '../services.ts';
import { insertGeneration } from '../store/generations.ts';
import type { RunRow } from '../store/runs.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { Workspace } from '../workspace.ts';

export interface PictureToStore {
  run: RunRow;
  request: GenerateRequest;
  typeId: string | null;
  picture: GeneratedPicture;
}

/** Returns the picture's id. The stored recipe holds all that is needed to make the picture again. */
export async function storePicture(
  workspace: Workspace,
  clock: Clock,
  work: PictureToStore,
): Promise<string> {
  const { run, request, typeId, picture } = work;
  const [image, mask] = await Promise.all([
    workspace.blobs.put(picture.image),
    picture.mask === null ? null : workspace.blobs.put(picture.mask),
  ]);
  const recipe = fullRecipe(run, request, picture, mask?.hash ?? null);
  const id = clock.newId();
  workspace.db.transaction(() =>
    insertGeneration(workspace.db, {
      id,
      runId: run.id,
      index: picture.index,
      productId: run.productId,
      generator: request.generator,
      typeId,
      seed: picture.seed,
      sourceImageId: picture.sourceId,
      sourceUse: picture.sourceUse,
      window: picture.window,
      imageBlob: image.hash,
      maskBlob: mask?.hash ?? null,
      label: picture.label ?? 'mask',
      width: picture.width,
      height: picture.height,
      recipe,
      recipeHash: sha256(canonicalJson(recipe)),
      checks: JSON.parse(JSON.stringify(picture.checks)),
      flags: picture.flags,
      createdAt: clock.now(),
    }),
  );
  return id;
}

/** What the generator says, and around it what only the run knows: the identity, the weights, the mask's and the source's bytes. */
function fullRecipe(
  run: RunRow,
  request: GenerateRequest,
  picture: GeneratedPicture,
  maskSha256: string | null,
) {
  const sources = [...request.normals, ...request.shots];
  const source = sources.find((candidate) => candidate.id === picture.sourceId);
  return {
    ...picture.recipe,
    generator: request.generator,
    type: request.type,
    index: picture.index,
    seed: picture.seed,
    runSeed: request.seed,
    run: run.identity,
    engineVersion: ENGINE_VERSION,
    pack: request.pack.hash,
    weights: request.tokenSet === null ? null : request.tokenSet.hashes,
    attributes: request.attributes,
    variation: request.variation,
    maskSha256,
    label: picture.label ?? 'mask',
    window: picture.window === null ? null : { ...picture.window },
    source: source === undefined ? null : { file: source.file, sha256: source.sha256 },
  };
}
