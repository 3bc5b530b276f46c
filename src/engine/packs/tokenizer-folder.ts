// A CLIP tokenizer: from its folder on disk, or CLIP's own where a model of CLIP's vocabulary brings none.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../../core/base/errors.ts';
import type { ClipTextConfig } from '../../core/nets/clip-text-model.ts';
import { clipTokenizerFromFiles, clipTokenizerFromMerges } from '../../core/text/clip-files.ts';
import type { Tokenizer } from '../../core/text/tokenizer.ts';

const FILES = [
  'vocab.json',
  'merges.txt',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
] as const;

/** CLIP's own have 2 MB at most. */
const MAX_FILE_BYTES = 32 << 20;
/** CLIP's merges, for models that hold none. */
export const CLIP_MERGES = fileURLToPath(new URL('../../../resources/clip/merges.txt.gz', import.meta.url));
/** Tokens of CLIP's vocabulary, that of every Stable Diffusion 1.x. */
const CLIP_VOCABULARY = 49408;

/** Reads vocab.json + merges.txt, or tokenizer.json, with their configs. Throws bad-pack with the file's full path. */
export function loadClipTokenizer(folder: string): Tokenizer {
  const read = (name: string): string | undefined => {
    const path = join(folder, name);
    if (!existsSync(path)) return undefined;
    if (statSync(path).size <= MAX_FILE_BYTES) return readFileSync(path, 'utf8');
    throw new AppError('bad-pack', 'tokenizer: the file is far too large', { file: name });
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

export interface TokenizerOrigin {
  readonly origin: string;
  readonly files: readonly string[];
  /** A fresh tokenizer: adding tokens changes it. */
  load(): Tokenizer;
}

/** The tokenizer's place for a text encoder; null where there is no folder and the vocabulary is not CLIP's. */
export function findTokenizer(root: string | null, config: ClipTextConfig): TokenizerOrigin | null {
  if (root === null) {
    if (config.vocabSize !== CLIP_VOCABULARY) return null;
    const load = () => clipTokenizerFromMerges(gunzipSync(readFileSync(CLIP_MERGES)).toString('utf8'));
    return { origin: "CLIP's own vocabulary", files: [], load };
  }
  const folder = join(root, 'tokenizer');
  return {
    origin: folder,
    files: FILES.map((name) => join(folder, name)).filter((file) => existsSync(file)),
    load() {
      const tokenizer = loadClipTokenizer(folder);
      if (tokenizer.vocabSize <= config.vocabSize) return tokenizer;
      throw new AppError(
        'bad-pack',
        `the tokenizer has ${tokenizer.vocabSize} tokens, the text encoder ${config.vocabSize}`,
        { file: folder, hint: 'They are not of one model.' },
      );
    },
  };
}
