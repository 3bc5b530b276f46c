// Folders with annotation files for tests, and reports in short.

import type { TestContext } from 'node:test';
import type { ImportReport } from '../../../src/core/domain/import-report.ts';
import { encoded, put, tempFolder, testRaster } from '../imaging/make-pictures.ts';

export const W = 24;
export const H = 16;
let salt = 100;
const picture = (): Promise<Uint8Array> => encoded(testRaster(W, H, 3, false, salt++));
/** A rectangle as polygon, 5x4 pixels. */
export const SQUARE = [3, 2, 8, 2, 8, 6, 3, 6];
export const YOLO = '0 0.229166 0.25 0.208333 0.25\n';

export async function folderOf(
  t: TestContext,
  files: Record<string, string | object | null>,
): Promise<string> {
  const folder = await tempFolder(t);
  for (const [file, content] of Object.entries(files)) {
    const bytes =
      content === null ? await picture() : typeof content === 'string' ? content : JSON.stringify(content);
    await put(folder, file, content instanceof Uint8Array ? content : bytes);
  }
  return folder;
}

export function coco(images: string[], segmentation: unknown = [SQUARE], more: object = {}): object {
  return {
    images: images.map((file_name, i) => ({ id: i + 1, file_name, width: W, height: H, ...more })),
    categories: [{ id: 3, name: 'dent' }],
    annotations: images.map((_, i) => ({
      id: i + 1,
      image_id: i + 1,
      category_id: 3,
      segmentation,
      bbox: [3, 2, 5, 4],
    })),
  };
}

export const labelMe = (imagePath: string, label = 'dent'): object => ({
  imagePath,
  imageWidth: W,
  imageHeight: H,
  shapes: [
    {
      label,
      shape_type: 'polygon',
      points: [
        [3, 2],
        [8, 2],
        [8, 6],
        [3, 6],
      ],
    },
  ],
});

export const voc = (filename: string): string =>
  `<annotation><filename>${filename}</filename><size><width>${W}</width><height>${H}</height></size><object><name>dent</name><bndbox><xmin>4</xmin><ymin>3</ymin><xmax>8</xmax><ymax>6</ymax></bndbox></object></annotation>`;

export const brief = (report: ImportReport): string[] =>
  report.items.map((i) => `${i.file} ${i.role} ${i.type} ${i.split} ${i.maskAreaPx}`);
export const said = (report: ImportReport, level = 'warn'): string =>
  report.problems
    .filter((p) => p.level === level)
    .map((p) => `${p.file}: ${p.message}`)
    .join('\n');
