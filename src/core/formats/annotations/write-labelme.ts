// LabelMe: NAME.json beside the picture, one polygon per component.

import { traceContours } from '../../image/contours.ts';
import { keyholeRing } from '../../image/keyhole.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';
import { stemOfName } from './write-model.ts';

/** The version whose fields are written. */
const VERSION = '5.4.1';

/** Writes into `SPLIT/`, where the pictures lie. */
export class LabelmeWriter implements AnnotationWriter {
  add(picture: LabelledPicture): AnnotationFile[] {
    const file = `${picture.split}/${stemOfName(picture.name)}.json`;
    return [{ file, content: `${JSON.stringify(labelmeFile(picture))}\n` }];
  }

  finish(): AnnotationFile[] {
    return [];
  }
}

/** Polygons of one type share a group; holes hang on the outer ring by a cut that encloses nothing. */
function labelmeFile({ name, width, height, synthetic, masks }: LabelledPicture): object {
  const shapes = masks.flatMap(({ type, mask }, group) =>
    traceContours(mask).map((outline) => ({
      label: type,
      points: pairs(keyholeRing(outline)),
      group_id: group + 1,
      description: synthetic ? 'synthetic' : '',
      shape_type: 'polygon',
      flags: {},
    })),
  );
  return {
    version: VERSION,
    flags: { synthetic },
    shapes,
    imagePath: name,
    imageData: null,
    imageHeight: height,
    imageWidth: width,
  };
}

function pairs(ring: readonly number[]): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i], ring[i + 1]]);
  return points;
}
