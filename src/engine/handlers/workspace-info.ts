// workspace.info: what is in a workspace, without changing or locking it.

import type { EngineContext } from '../engine-context.ts';
import { revisionOf } from '../media/revision-cache.ts';
import type { ReadableDb } from '../store/database.ts';
import { countImages } from '../store/images.ts';
import { schemaVersion } from '../store/migrate.ts';
import { getProduct, listProducts, type Product } from '../store/products.ts';
import { countByStatus } from '../store/reviews.ts';
import { listRuns, type RunRow } from '../store/runs.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { ReadableWorkspace } from '../workspace.ts';

export async function workspaceInfo(context: EngineContext) {
  return context.reading((workspace) => {
    const { folder, db } = workspace;
    return {
      folder,
      schema: schemaVersion(db),
      engineVersion: ENGINE_VERSION,
      products: listProducts(db).map((product) => describeProduct(workspace, product)),
      runs: listRuns(db).map((run) => describeRun(db, run)),
    };
  });
}

function describeProduct(workspace: ReadableWorkspace, product: Product) {
  const { db } = workspace;
  const counts = countImages(db, product.id);
  const sum = (role: string): number =>
    counts.filter((c) => c.role === role).reduce((n, c) => n + c.count, 0);
  return {
    name: product.name,
    normals: sum('normal'),
    unlabelled: sum('unlabelled'),
    types: counts
      .filter((c) => c.role === 'defect' && c.type !== null)
      .map((c) => ({ name: c.type!, pictures: c.count })),
    revision: revisionOf(workspace, product.id),
    generated: countByStatus(db, product.id),
  };
}

function describeRun(db: ReadableDb, run: RunRow) {
  return {
    id: run.id,
    kind: run.kind,
    product: getProduct(db, run.productId)!.name,
    method: run.method,
    type: typeof run.params.type === 'string' ? run.params.type : null,
    state: run.state.state,
    progress: 'progress' in run.state ? run.state.progress : null,
    error: run.state.state === 'failed' ? run.state.error.message : null,
    createdAt: run.createdAt,
  };
}
