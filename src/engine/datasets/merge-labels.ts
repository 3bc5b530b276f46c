// Where several sources speak of one picture, the most exact one counts, and the folder is a mixture.

import type { ImportProblem } from '../../core/domain/import-report.ts';
import type { Shape } from '../../core/formats/annotations/model.ts';
import { UNNAMED_TYPE } from '../../core/formats/annotations/type-name.ts';
import type { Candidate } from './candidate.ts';
import { layoutWarning } from './candidate.ts';

/** A candidate with the file or layout that speaks, for messages. */
export interface Claim {
  readonly candidate: Candidate;
  readonly by: string;
}

/** Keeps one claim per picture, the more exact, else the earlier; disagreements are said once per pair of sources. */
export function mergeClaims(claims: readonly Claim[], problems: ImportProblem[]): Candidate[] {
  const kept = new Map<string, Claim>();
  const clashes = new Map<string, { used: string; left: string; count: number; first: string }>();
  for (const claim of claims) {
    const { file } = claim.candidate;
    const before = kept.get(file);
    if (before === undefined) {
      kept.set(file, claim);
      continue;
    }
    const better = rank(claim.candidate) > rank(before.candidate);
    const [used, left] = better ? [claim, before] : [before, claim];
    if (better) kept.set(file, claim);
    if (rank(left.candidate) === 0 || used.by === left.by) continue;
    const key = `${used.by}\0${left.by}`;
    const clash = clashes.get(key) ?? { used: used.by, left: left.by, count: 0, first: file };
    clashes.set(key, { ...clash, count: clash.count + 1 });
  }
  for (const { used, left, count, first } of clashes.values()) {
    const message = `${count} picture${count === 1 ? ' is' : 's are'} labelled twice, by ${used} and by ${left}; ${used} is used`;
    problems.push(layoutWarning(first, message, 'Keep one of the two, or name the layout with --layout.'));
  }
  return [...kept.values()].map((claim) => claim.candidate);
}

/** 0 nothing known, 1 good, 2 boxes, 3 a mask without a type's name, 4 outlines, 5 pixels. */
function rank({ role, mask, labels, type }: Candidate): number {
  if (role === 'unlabelled') return 0;
  if (role === 'normal') return 1;
  if (labels === undefined) return mask === null ? 0 : type === UNNAMED_TYPE ? 3 : 5;
  const shapes = labels.picture.objects.flatMap((object) => object.shapes);
  const exact = (shape: Shape): boolean =>
    shape.kind === 'runs' || shape.kind === 'file' || shape.kind === 'picture';
  if (shapes.every((shape) => shape.kind === 'box')) return 2;
  return shapes.some(exact) ? 5 : 4;
}
