// An embedding file (A1111 or diffusers form), checked against a pack.

import { basename } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { KIND_TITLES, modelKind } from '../../core/formats/model-kind.ts';
import {
  type EmbeddingDialect,
  readEmbeddingName,
  type TextEmbedding,
} from '../../core/formats/text-embedding.ts';
import { openSafetensors } from '../packs/safetensors-file.ts';
import { refuseForeignFile } from '../packs/untrusted-file.ts';

/**
 * Reads an embedding for a text encoder of `width`.
 * @param as what prompts call it; without it the file's name (A1111) or the token in it (diffusers)
 */
export function readEmbedding(
  path: string,
  width: number,
  as?: string,
): TextEmbedding & { dialect: EmbeddingDialect } {
  refuseForeignFile(path);
  const file = openSafetensors(path);
  try {
    const kind = modelKind(file.names);
    const stem = basename(path).replace(/\.safetensors$/i, '');
    const found = kind === 'embedding' ? readEmbeddingName(file.names, stem) : null;
    if (!found) {
      const what =
        file.has('clip_g') || file.has('clip_l') ? 'an embedding for Stable Diffusion XL' : KIND_TITLES[kind];
      throw new AppError('unsupported', `this is ${what}, not an embedding for Stable Diffusion 1.x`, {
        file: path,
        hint: 'Choose a textual inversion file: emb_params, or one tensor named as its token.',
      });
    }
    const { shape } = file.info(found.tensor);
    if (shape.length > 2 || shape.length === 0 || shape[shape.length - 1] !== width) {
      throw new AppError(
        'bad-weights',
        `the embedding is [${shape.join(', ')}], this pack needs ${width} numbers per token`,
        { file: path, hint: 'It was trained on another base model.' },
      );
    }
    const rows = file.float32(found.tensor, { finite: true });
    if (rows.length === 0) throw new AppError('bad-weights', 'the embedding is empty', { file: path });
    const name = as ?? found.name;
    if (name.trim() === '' || /\s/.test(name))
      throw new AppError('usage', `"${name}" cannot be a token: it must be one word`, { file: path });
    return { name, rows, width, dialect: found.dialect };
  } finally {
    file.close();
  }
}
