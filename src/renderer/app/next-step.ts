// Where the product stands, and the one next thing to do.

import type { ProductInfo, WorkspaceInfo } from '../api/workspace.ts';
import type { StationId } from '../stations/station.ts';

export interface Standing {
  pictures: number;
  labelled: number;
  learned: number;
  accepted: number;
  next: StationId;
}

export function standingOf(info: WorkspaceInfo | undefined, product: ProductInfo | undefined): Standing {
  if (info === undefined || product === undefined)
    return { pictures: 0, labelled: 0, learned: 0, accepted: 0, next: 'pictures' };
  const labelled = product.types.reduce((sum, type) => sum + type.pictures, 0);
  const done = info.runs.filter((run) => run.product === product.name && run.state === 'done');
  const learned = done.filter((run) => run.kind === 'train').length;
  const { accepted, undecided } = product.generated;
  const generated = accepted + undecided + product.generated.rejected;
  const next: StationId =
    product.normals === 0
      ? 'pictures'
      : labelled === 0
        ? 'label'
        : learned === 0
          ? 'fine-tune'
          : generated === 0
            ? 'generate'
            : undecided > 0 || accepted === 0
              ? 'review'
              : 'export';
  return { pictures: product.normals + product.unlabelled + labelled, labelled, learned, accepted, next };
}
