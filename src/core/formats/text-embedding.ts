// Learned token embeddings as files: A1111's form (`emb_params`) and diffusers' textual inversion (the token's name).

import type { TensorToWrite } from './safetensors-write.ts';

export type EmbeddingDialect = 'a1111' | 'diffusers';

/** One name that stands for one or several rows of the token table. */
export interface TextEmbedding {
  /** What a prompt says. */
  readonly name: string;
  /** [vectors,width] flat. */
  readonly rows: Float32Array;
  readonly width: number;
}

const A1111_NAME = 'emb_params';

/** The one tensor of an embedding's file. */
export function embeddingTensors(embedding: TextEmbedding, dialect: EmbeddingDialect): TensorToWrite[] {
  const { name, rows, width } = embedding;
  const shape = [rows.length / width, width];
  return [{ name: dialect === 'a1111' ? A1111_NAME : name, dtype: 'F32', shape, data: rows }];
}

/** Which tensor of a file is the embedding and under which name it goes; null where the file is none we read. */
export function readEmbeddingName(
  names: readonly string[],
  fileStem: string,
): { tensor: string; name: string; dialect: EmbeddingDialect } | null {
  if (names.includes(A1111_NAME)) return { tensor: A1111_NAME, name: fileStem, dialect: 'a1111' };
  if (names.length !== 1) return null;
  return { tensor: names[0], name: names[0], dialect: 'diffusers' };
}

/** Names of the single tokens: `crack`, `crack_1`, `crack_2`, as diffusers numbers them. */
export function vectorNames(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}_${i}`));
}

/** Writes every token of an embedding where a prompt says its name. */
export function expandPrompt(prompt: string, name: string, count: number): string {
  return count === 1 ? prompt : prompt.split(name).join(vectorNames(name, count).join(' '));
}
