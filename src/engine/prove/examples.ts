// The test pictures on which the proof's arm found more, or less, of the defects than real only.

import type { Conclusion, ProofArm } from '../../core/domain/proof.ts';
import { iouOf } from '../../core/metrics/iou.ts';
import type { PictureCounts } from '../../core/prove/score-histogram.ts';
import { proofStrip } from '../imaging/proof-strip.ts';
import { listProofCells, proofCellData } from '../store/proofs.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { readCell, type TestedPicture } from './cell-bytes.ts';
import type { ProofJob } from './job.ts';
import { decodeLabelled } from './labelled.ts';

export interface ProofExample {
  readonly picture: string;
  readonly file: string;
  readonly type: string | null;
  readonly arm: ProofArm;
  readonly points: number;
  readonly strip: string;
}

/** On each side. */
const SHOWN = 4;
/** Points below which a picture counts as unchanged. */
const LEAST = 1;

export async function findExamples(
  workspace: ReadableWorkspace,
  runId: string,
  job: ProofJob,
  { arm }: Conclusion,
): Promise<{ helped: ProofExample[]; hurt: ProofExample[] }> {
  if (arm === null) return { helped: [], hurt: [] };
  const cellsOf = (wanted: ProofArm): TestedPicture[][] =>
    listProofCells(workspace.db, runId)
      .filter((cell) => cell.arm === wanted)
      .map((cell) => readCell(proofCellData(workspace.db, runId, wanted, cell.seed)!));
  const [real, other] = [cellsOf('real'), cellsOf(arm)];
  const mean = (cells: readonly TestedPicture[][], p: number): number =>
    cells.reduce((sum, tests) => sum + (fixedIou(tests[p].counts) ?? 0), 0) / cells.length;
  const changes = job.split.tests
    .map((test, p) => ({ test, p, points: 100 * (mean(other, p) - mean(real, p)) }))
    .filter(({ test }) => test.isDefect)
    .sort((a, b) => b.points - a.points);
  const show = async ({ test, p, points }: (typeof changes)[number]): Promise<ProofExample> => {
    const [row] = test.rows;
    const { raster, mask } = await decodeLabelled(test.rows.map(({ id }) => job.pictures.get(id)!));
    const strip = await proofStrip(raster, mask, [real[0][p].map, other[0][p].map]);
    return { picture: row.id, file: row.file, type: row.type, arm, points, strip };
  };
  const collect = async (chosen: typeof changes): Promise<ProofExample[]> => {
    const shown: ProofExample[] = [];
    for (const change of chosen.slice(0, SHOWN)) shown.push(await show(change));
    return shown;
  };
  return {
    helped: await collect(changes.filter((c) => c.points >= LEAST)),
    hurt: await collect(changes.filter((c) => c.points <= -LEAST).reverse()),
  };
}

/** IoU of one picture at the threshold that validation fixed. */
function fixedIou({ defect, fixed }: PictureCounts): number | null {
  const pixels = defect.reduce((a, b) => a + b, 0);
  return iouOf({ both: fixed.found, either: pixels + fixed.marked });
}
