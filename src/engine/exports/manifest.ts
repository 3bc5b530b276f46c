// manifest.json of an export: written from plain objects, read back through a schema because others may edit it.

import { z } from 'zod';
import { AppError } from '../../core/base/errors.ts';
import { EXPORT_FORMATS } from '../../core/formats/annotations/export-formats.ts';

export const MANIFEST_FILE = 'manifest.json';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const path = z.string().min(1).refine(isSafePath, 'must stay inside the export');
const sourceRef = z.object({ file: z.string(), sha256 });

const generated = z.object({
  id: z.string().optional(),
  file: path,
  mask: path.nullable(),
  source: sourceRef.nullable().optional(),
  reference: sourceRef.optional(),
  type: z.string(),
  generator: z.string(),
  /** `box`: a weak label, the defect is somewhere inside the mask; absent means an exact mask. */
  label: z.enum(['mask', 'box']).optional(),
  seed: z.number(),
  recipe: z.unknown(),
  outside: z.object({ changed: z.number().int().min(0), grownBy: z.number().int().min(0) }).nullable(),
  // A number that is not finite (contrast of a flat patch) is null in JSON.
  agreement: z.object({ changedInMask: z.number().nullable(), contrast: z.number().nullable() }).nullable(),
});

const real = z.object({
  file: path,
  mask: path.nullable(),
  type: z.string(),
  split: z.enum(['train', 'test', 'validation']).nullable(),
  imported: z.string(),
  /** Of the imported file's bytes; equals the exported file unless `reencoded`. */
  sha256,
  /** The file was turned by EXIF; the export holds a PNG of the turned pixels, so that picture and mask agree. */
  reencoded: z.boolean(),
});

const manifest = z.object({
  version: z.literal(1),
  product: z.string(),
  format: z.enum(EXPORT_FORMATS),
  generated: z.array(generated),
  real: z.array(real),
});

export type Manifest = z.infer<typeof manifest>;
export type ManifestGenerated = z.infer<typeof generated>;
export type ManifestReal = z.infer<typeof real>;

/** Relative, with '/', without '.', '..', drive letters, backslashes or control characters. */
export function isSafePath(file: string): boolean {
  if (/[\\:\p{Cc}]/u.test(file)) return false;
  return file.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** JSON with a final newline; the same object gives the same bytes. */
export function formatManifest(value: Manifest): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** Parses and checks; the message names the first field that is wrong. */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged('is not JSON', cause);
  }
  const parsed = manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`is wrong at "${issue.path.join('.')}": ${issue.message}`, parsed.error);
}

function damaged(what: string, cause: unknown): AppError {
  const hint = 'The export was changed or damaged. Export again.';
  return new AppError('verify-failed', `${MANIFEST_FILE} ${what}.`, { file: MANIFEST_FILE, hint }, cause);
}
