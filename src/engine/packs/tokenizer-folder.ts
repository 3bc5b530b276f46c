// A CLIP tokenizer from its folder on disk.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { clipTokenizerFromFiles } from '../../core/text/clip-files.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';

/** Reads vocab.json + merges.txt, or tokenizer.json, with their configs. Throws bad-pack with the file's full path. */
export function loadClipTokenizer(folder: string): Tokenizer {
  const read = (name: string): string | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  try {
    return clipTokenizerFromFiles({
      vocabJson: read('vocab.json'),
      mergesTxt: read('merges.txt'),
      tokenizerJson: read('tokenizer.json'),
      tokenizerConfigJson: read('tokenizer_config.json'),
      specialTokensMapJson: read('special_tokens_map.json'),
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const file = join(folder, error.details.file ?? '');
    throw new AppError(error.code, error.message, { ...error.details, file }, error);
  }
}
