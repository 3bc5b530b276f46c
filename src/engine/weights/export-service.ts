// weights.export: a token set in the form that another program reads.

import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import type { JsonObject } from '../../core/domain/json.ts';
import { makeFolder } from '../blobs/atomic-write.ts';
import type { WeightsExportJob, WeightsService } from '../services.ts';
import { exportEmbeddings } from './export-embedding.ts';
import { exportLora } from './export-lora.ts';
import { exportModel } from './export-model.ts';
import { openTokenSet } from './token-set-weights.ts';
import { assertFree } from './write-weights.ts';

/** Dialects each form has, the first being the default. */
const DIALECTS = {
  embedding: ['a1111', 'diffusers'],
  lora: ['diffusers', 'kohya'],
  unet: ['diffusers'],
} as const satisfies Record<WeightsExportJob['as'], readonly string[]>;

function dialectOf<F extends WeightsExportJob['as']>(
  form: F,
  given: string | null,
): (typeof DIALECTS)[F][number] {
  const known: readonly string[] = DIALECTS[form];
  const dialect = given ?? known[0];
  if (known.includes(dialect)) return dialect as (typeof DIALECTS)[F][number];
  throw new AppError('usage', `--as ${form} has no dialect "${dialect}"`, {
    hint: `Choose ${known.join(' or ')}.`,
  });
}

async function write(job: WeightsExportJob, signal: AbortSignal): Promise<JsonObject> {
  const set = openTokenSet(job.tokenSet, job.pack);
  const out = resolve(job.out);
  const dtype = job.half ? 'F16' : 'F32';
  const about = {
    made_by: `flawsmith ${job.engineVersion}`,
    token_set: job.tokenSet.id,
    base: job.pack.hash,
  };
  if (job.as === 'embedding') {
    const dialect = dialectOf('embedding', job.dialect);
    const embeddings = await exportEmbeddings(set, out, dialect, about);
    return { dialect, embeddings: embeddings.map((e) => ({ ...e, tokens: [...e.tokens] })) };
  }
  if (job.as === 'unet') {
    const dialect = dialectOf('unet', job.dialect);
    return { dialect, ...(await exportModel(set, out, dtype, about)) };
  }
  const dialect = dialectOf('lora', job.dialect);
  assertFree(out);
  await makeFolder(dirname(out));
  const summary = await exportLora(set, out, { dialect, rank: job.rank, dtype, signal });
  return { dialect, ...summary };
}

export const weightsService: WeightsService = { write };
