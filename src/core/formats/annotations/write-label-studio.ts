// Label Studio: tasks with brush masks that refer to local files, and the labelling setup that shows them.

import { encodeBrushRle } from './brush-rle-encode.ts';
import { xmlText } from './escape.ts';
import type { AnnotationFile, AnnotationWriter, LabelledPicture } from './write-model.ts';

export const LABEL_STUDIO_TASKS = 'label-studio.json';
export const LABEL_STUDIO_CONFIG = 'label-studio-config.xml';
/** Names of the tags in the setup. */
const FROM = 'tag';
const TO = 'image';

export class LabelStudioWriter implements AnnotationWriter {
  readonly #types: readonly string[];
  readonly #tasks: string[] = [];

  constructor(types: readonly string[]) {
    this.#types = types;
  }

  add(picture: LabelledPicture): AnnotationFile[] {
    this.#tasks.push(JSON.stringify(task(picture, this.#tasks.length + 1)));
    return [];
  }

  finish(): AnnotationFile[] {
    const labels = this.#types.map((type) => `    <Label value="${xmlText(type)}"/>`);
    const config = [
      '<View>',
      `  <Image name="${TO}" value="$image"/>`,
      `  <BrushLabels name="${FROM}" toName="${TO}">`,
      ...labels,
      '  </BrushLabels>',
      '</View>',
      '',
    ];
    return [
      { file: LABEL_STUDIO_TASKS, content: `[\n${this.#tasks.join(',\n')}\n]\n` },
      { file: LABEL_STUDIO_CONFIG, content: config.join('\n') },
    ];
  }
}

function task(picture: LabelledPicture, id: number): object {
  const { name, width, height, split, synthetic, masks } = picture;
  const result = masks.map(({ type, mask }, i) => ({
    id: `t${id}m${i + 1}`,
    type: 'brushlabels',
    from_name: FROM,
    to_name: TO,
    original_width: width,
    original_height: height,
    image_rotation: 0,
    value: { format: 'rle', rle: encodeBrushRle(mask), brushlabels: [type] },
    ...(synthetic && { meta: { text: ['synthetic'] } }),
  }));
  return {
    id,
    data: { image: `/data/local-files/?d=images/${encodeURIComponent(name)}`, split, synthetic },
    annotations: [{ id, was_cancelled: false, result }],
    predictions: [],
  };
}
