// A proof as the store keeps it when it is done: for looking at its page without training detectors for minutes.

import { PROOF_METRICS, type ProofArm } from '../../../src/core/domain/proof.ts';
import { systemClock } from '../../../src/engine/ids.ts';
import { decodeMask, decodePicture } from '../../../src/engine/imaging/index.ts';
import { proofStrip } from '../../../src/engine/imaging/proof-strip.ts';
import { listImages } from '../../../src/engine/store/images.ts';
import { listProducts } from '../../../src/engine/store/products.ts';
import { insertProofCell, putProofExamples, putProofQuality } from '../../../src/engine/store/proofs.ts';
import { insertRun } from '../../../src/engine/store/runs.ts';
import { openWorkspace } from '../../../src/engine/workspace.ts';

const ARMS: readonly ProofArm[] = ['real', 'real+paste', 'real+windows', 'real+blend'];
const IOU = [0.421, 0.468, 0.502, 0.487];
const SEEDS = [0, 1, 2];
const SPREAD = [-0.03, 0.01, 0.02];

const values = (iou: number) =>
  Object.fromEntries(PROOF_METRICS.map((metric, m) => [metric, Math.min(0.99, iou + 0.04 * m)]));

const summary = (iou: number) =>
  Object.fromEntries(
    PROOF_METRICS.map((metric) => {
      const mean = values(iou)[metric];
      return [metric, { mean, lo: mean - 0.05, hi: mean + 0.04, seeds: SPREAD.map((by) => mean + by) }];
    }),
  );

/** Its id. Real only 42.1, drawn new 50.2 (+8.1 points, 5.2 to 10.9). */
export async function storeProof(folder: string): Promise<string> {
  const clock = systemClock();
  const workspace = await openWorkspace(folder, { clock });
  try {
    const { db } = workspace;
    const [product] = listProducts(db);
    const [picture] = listImages(db, product.id).filter(({ type }) => type === 'dent');
    const id = clock.newId();
    const at = clock.now();
    const points = { mean: 8.1, lo: 5.2, hi: 10.9 };
    const outcome = {
      arms: Object.fromEntries(ARMS.map((arm, a) => [arm, summary(IOU[a])])),
      comparisons: [{ arm: 'real+windows', against: 'real', points }],
      conclusion: { code: 'gain', arm: 'real+windows', points, rival: null },
      verdict: 'worth using',
    };
    const types = ['dent', 'scratch'].map((type) => ({
      type,
      total: 4,
      shots: 3,
      validation: 0,
      test: 1,
      note: null,
    }));
    const split = {
      types,
      trainingNormals: 4,
      testNormals: 2,
      testDefects: 2,
      leftOut: 0,
      partsKnown: false,
    };
    const params = { shots: 3, shotSeed: 0, seeds: 3, seed: 0, preset: 'quick', arms: [...ARMS], split };
    insertRun(db, {
      id,
      kind: 'prove',
      productId: product.id,
      packId: null,
      method: 'prove',
      params,
      seed: 0,
      identity: 'f'.repeat(64),
      identityParts: {
        method: 'prove',
        params: {},
        seed: 0,
        datasetRevision: '',
        packHash: '',
        engineVersion: '',
        loweringProfile: '',
        threads: 1,
        runtimeVersion: '',
      },
      datasetRevision: '',
      device: 'cpu',
      state: { state: 'done', at, outcome },
      createdAt: at,
      updatedAt: at,
    });
    for (const [a, arm] of ARMS.entries()) {
      for (const seed of SEEDS) {
        const metrics = values(IOU[a]) as Parameters<typeof insertProofCell>[2]['metrics'];
        insertProofCell(db, id, { arm, seed, metrics, seconds: 60, data: new Uint8Array(), createdAt: at });
      }
    }
    const generator = { generator: 'windows', pictures: 72, kid: 0.021, diversity: 0.31 };
    putProofQuality(db, id, 0, [{ ...generator, memorised: 0.01, agreement: 0.93 }]);
    const { raster } = await decodePicture(workspace.blobs.path(picture.blob));
    const { mask } = await decodeMask(workspace.blobs.path(picture.maskBlob!), raster);
    const found = { ...mask, data: mask.data.map((v, i) => (v === 1 ? 150 + (i % 90) : i % 17)) };
    const strip = await proofStrip(raster, mask, [{ ...found, data: found.data.map((v) => v / 2) }, found]);
    const example = { picture: picture.id, file: picture.file, type: 'dent', arm: 'real+windows', strip };
    putProofExamples(db, id, {
      helped: [{ ...example, points: 21.4 }],
      hurt: [{ ...example, points: -6.3 }],
    });
    return id;
  } finally {
    workspace.close();
  }
}
