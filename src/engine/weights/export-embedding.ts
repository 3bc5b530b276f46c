// A fine-tune's tokens as embedding files: one for the product, one per defect type.

import { join } from 'node:path';
import {
  type EmbeddingDialect,
  embeddingTensors,
  type TextEmbedding,
} from '../../core/formats/text-embedding.ts';
import { atomicWrite } from '../blobs/atomic-write.ts';
import { NameAllocator } from '../exports/safe-name.ts';
import type { TokenSetWeights } from './token-set-weights.ts';
import { writeFolder, writeTensorFile } from './write-weights.ts';

/** One file of the folder. */
export interface EmbeddingEntry {
  readonly file: string;
  /** What a prompt says to use it. */
  readonly name: string;
  /** The tokens it was trained as, in order. */
  readonly tokens: readonly string[];
  /** Null for the product's own token. */
  readonly type: string | null;
}

function embedding(set: TokenSetWeights, name: string, tokens: readonly string[]): TextEmbedding {
  const width = set.textWidth;
  const rows = new Float32Array(tokens.length * width);
  tokens.forEach((token, i) => {
    const at = (set.product.tokenizer.idOf(token) as number) * width;
    rows.set(set.tokenRows.subarray(at, at + width), i * width);
  });
  return { name, rows, width };
}

/** Writes the folder with `tokens.json`, which says how prompts were written in training. */
export async function exportEmbeddings(
  set: TokenSetWeights,
  out: string,
  dialect: EmbeddingDialect,
  about: Readonly<Record<string, string>>,
): Promise<EmbeddingEntry[]> {
  const { tokens } = set.product;
  const names = new NameAllocator();
  const groups = [
    { type: null, tokens: [tokens.normal], wanted: tokens.normal },
    ...set.types.map((type, t) => ({ type, tokens: tokens.anomaly[t], wanted: type })),
  ];
  const entries: EmbeddingEntry[] = [];
  await writeFolder(out, async (folder) => {
    for (const group of groups) {
      const stem = names.allocate('', group.wanted).replace(/\s+/g, '_');
      // A1111 goes by the file's name; diffusers by the key, which must not be a word of the vocabulary.
      const name = dialect === 'a1111' ? stem : `<${stem}>`;
      const file = `${stem}.safetensors`;
      const tensors = embeddingTensors(embedding(set, name, group.tokens), dialect);
      await writeTensorFile(join(folder, file), tensors, { format: 'pt', ...about });
      entries.push({ file, name, tokens: group.tokens, type: group.type });
    }
    const readme = { ...about, prompts: set.prompts, embeddings: entries };
    await atomicWrite(join(folder, 'tokens.json'), `${JSON.stringify(readme, null, 1)}\n`);
  });
  return entries;
}
