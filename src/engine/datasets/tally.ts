// Remarks that would come once per picture and are said once per import.

import type { ImportProblem } from '../../core/domain/import-report.ts';
import { folderOf, type Labels, layoutWarning } from './candidate.ts';

interface Count {
  pictures: number;
  marks: number;
}

export class Tally {
  private readonly unmarkedIn = new Map<string, Count>();
  private readonly boxesIn = new Map<string, Count>();

  /** A picture that its annotation knows without any mark. */
  unmarked(labels: Labels): void {
    add(this.unmarkedIn, placeOf(labels), 0);
  }

  /** A picture with boxes of a type that has no outline. */
  boxesOnly(labels: Labels, boxes: number): void {
    add(this.boxesIn, placeOf(labels), boxes);
  }

  problems(): ImportProblem[] {
    const problems: ImportProblem[] = [];
    for (const [place, { pictures }] of this.unmarkedIn) {
      const message = `${plural(pictures, 'picture')} annotated without any mark; taken as good`;
      const hint = 'Nothing to do if these parts are good; otherwise finish the annotation.';
      problems.push(layoutWarning(place, message, hint));
    }
    for (const [place, { pictures, marks }] of this.boxesIn) {
      const message = `${plural(marks, 'box', 'boxes')} without an outline in ${plural(pictures, 'picture')}; the whole box counts as defect`;
      const hint =
        'Draw outlines for exact masks; boxes teach the model that the surface around a defect is defective.';
      problems.push(layoutWarning(place, message, hint));
    }
    return problems;
  }
}

/** The annotation file, or the folder of files with one picture each. */
function placeOf({ layout, file }: Labels): string {
  const single = layout === 'coco' || layout === 'cvat' || layout === 'label-studio';
  return single ? file : folderOf(file) || '.';
}

function add(counts: Map<string, Count>, place: string, marks: number): void {
  const count = counts.get(place) ?? { pictures: 0, marks: 0 };
  counts.set(place, { pictures: count.pictures + 1, marks: count.marks + marks });
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
