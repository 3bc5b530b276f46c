// detector.json: everything a program needs to prepare a picture for detector.onnx and to read its map.

import { z } from 'zod';
import { AppError } from '../../../core/base/errors.ts';
import { taper } from '../../../core/recipes/detector/tiles.ts';
import { DETECTOR_KINDS } from '../settings.ts';
import type { DetectorSpec } from '../spec.ts';

export const ONNX_FILE = 'detector.onnx';
export const DESCRIPTION_FILE = 'detector.json';

const imageScore = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('max') }),
  z.strictObject({ rule: z.literal('pooledMax'), size: z.int().min(1).max(999) }),
  z.strictObject({ rule: z.literal('topMean'), count: z.int().min(1) }),
]);

const description = z.object({
  version: z.literal(1),
  kind: z.enum(DETECTOR_KINDS),
  files: z.object({ onnx: z.literal(ONNX_FILE), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  input: z.object({
    name: z.literal('image'),
    shape: z.tuple([z.literal(1), z.literal(3), z.int().min(32).max(4096), z.int().min(32).max(4096)]),
    layout: z.string(),
    /** Code value of 1.0 by bits per sample. */
    white: z.object({ bits8: z.literal(255), bits16: z.number().min(1).max(65535) }),
  }),
  output: z.object({ name: z.literal('map'), shape: z.array(z.int()), meaning: z.string() }),
  picture: z.object({
    scale: z.number().gt(0).max(64),
    resampling: z.string(),
    border: z.string(),
    overlap: z.number().min(0).max(0.75),
    windowStarts: z.string(),
    taper: z.array(z.number()),
    blend: z.string(),
  }),
  imageScore,
  imageScoreIsTakenFrom: z.string(),
  thresholds: z.object({ pixel: z.number().nullable(), image: z.number().nullable() }),
  settings: z.record(z.string(), z.number()),
});
export type DetectorDescription = z.infer<typeof description>;

const TEXTS = {
  layout: 'NCHW, RGB; a grey picture fills all three, alpha is left out; code value / white',
  resampling:
    'width and height times scale, rounded; triangle filter, widened by 1/scale when shrinking (PIL BILINEAR), no rounding to code values; the map is brought back to the picture the same way',
  border: 'mirrored about the outermost pixel, which is not repeated',
  windowStarts:
    'along a side of L working px, S the window: one window at floor((L - S) / 2) where L <= S, else n = 1 + ceil((L - S) / floor(S * (1 - overlap))) windows at round(i * (L - S) / (n - 1))',
  blend: 'mean of the windows that cover a pixel, weighted by taper[x] * taper[y] of its place in the window',
} as const;

export function describeDetector(spec: DetectorSpec, sha256: string): DetectorDescription {
  const { window: side, overlap } = spec.settings;
  return {
    version: 1,
    kind: spec.kind,
    files: { onnx: ONNX_FILE, sha256 },
    input: {
      name: 'image',
      shape: [1, 3, side, side],
      layout: TEXTS.layout,
      white: { bits8: 255, bits16: spec.white ?? 65535 },
    },
    output: {
      name: 'map',
      shape: [1, side, side],
      meaning: spec.kind === 'memory' ? 'distance to the nearest good patch' : 'defect probability',
    },
    picture: {
      scale: spec.scale,
      resampling: TEXTS.resampling,
      border: TEXTS.border,
      overlap,
      windowStarts: TEXTS.windowStarts,
      taper: [...taper(side, overlap)],
      blend: TEXTS.blend,
    },
    imageScore: spec.imageScore,
    imageScoreIsTakenFrom: 'the blended map at working scale, before it is brought back to the picture',
    thresholds: spec.thresholds,
    settings: { ...spec.settings },
  };
}

/** Throws bad-weights with the field that is wrong. */
export function parseDescription(text: string, file: string): DetectorDescription {
  const refuse = (what: string, cause: unknown): never => {
    throw new AppError('bad-weights', `this is no description of a detector: ${what}`, { file }, cause);
  };
  try {
    return description.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof z.ZodError) {
      const [issue] = error.issues;
      return refuse(`${issue.path.join('.') || 'it'}: ${issue.message}`, error);
    }
    return refuse('it is not JSON', error);
  }
}
