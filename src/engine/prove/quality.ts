// How good generated pictures are by themselves: near the real ones, varied, not copied, and where their masks say.

import { namedRng } from '../../core/base/rng.ts';
import { meanDefined } from '../../core/metrics/average.ts';
import { clusterByReference, icLpips } from '../../core/metrics/ic-lpips.ts';
import { kid } from '../../core/metrics/kid.ts';
import { type LabelledPicture, shotWindows } from '../../core/recipes/detector/shot-windows.ts';
import { type MarkThumb, markThumb, thumbDistance } from '../../core/recipes/windows/nearest.ts';
import type { CompileOptions } from '../runtime/executable.ts';
import { featureDistance, scaledBy, windowFeatures } from './feature-distances.ts';
import type { GeneratedCopy } from './generated-file.ts';
import type { ProofMaterial } from './material.ts';
import { copyRatio } from './working-copy.ts';

export interface PictureQuality {
  readonly generator: string;
  readonly pictures: number;
  readonly kid: number | null;
  readonly diversity: number | null;
  readonly memorised: number | null;
  readonly agreement: number | null;
}

/** Windows of the shots that stand for the real ones. */
const REAL_WINDOWS = 48;
/** Generated pictures that are looked at. */
const MOST = 96;
const SUBSETS = 50;

export interface QualityInput {
  readonly material: ProofMaterial;
  readonly sets: readonly { readonly generator: string; readonly copies: readonly GeneratedCopy[] }[];
  /** Of the pack's autoencoder. */
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly options: CompileOptions;
  readonly signal: AbortSignal;
}

export async function measureQuality(input: QualityInput): Promise<PictureQuality[]> {
  const { material, sets, weights, options } = input;
  // The pack's features are of windows of its own size.
  const geometry = { side: 128, scale: material.scale.scale / copyRatio(material.scale) };
  const window = (pictures: readonly LabelledPicture[], name: string) =>
    shotWindows(pictures, geometry)(namedRng(0, `quality/${name}`)).image;
  const { shots } = material;
  const real = await windowFeatures(
    Array.from({ length: REAL_WINDOWS }, (_, i) => window([shots[i % shots.length]], `real/${i}`)),
    weights,
    options,
  );
  const reference = scaledBy(real.vectors, real.vectors);
  const marks = shots.map(thumbOf).filter((mark) => mark !== null);
  const out: PictureQuality[] = [];
  for (const { generator, copies } of sets) {
    input.signal.throwIfAborted();
    const looked = copies.slice(0, MOST);
    if (looked.length === 0) {
      out.push({ generator, pictures: 0, kid: null, diversity: null, memorised: null, agreement: null });
      continue;
    }
    const made = await windowFeatures(
      looked.map((copy, i) => window([copy], `${generator}/${i}`)),
      weights,
      options,
    );
    const distance = kid(
      reference,
      scaledBy(made.vectors, real.vectors),
      namedRng(0, `quality/${generator}`),
      {
        subsets: SUBSETS,
      },
    );
    const clusters = clusterByReference(looked.length, shots.length, (g, r) =>
      featureDistance(made.maps[g], real.maps[r]),
    );
    const { nonzero } = icLpips(clusters, (a, b) => featureDistance(made.maps[a], made.maps[b]));
    out.push({
      generator,
      pictures: copies.length,
      kid: distance?.mean ?? null,
      diversity: nonzero,
      memorised: memorisedShare(looked.map(thumbOf), marks),
      agreement: meanDefined(copies.map((copy) => copy.agreement)),
    });
  }
  return out;
}

function thumbOf({ raster, mask }: Pick<LabelledPicture, 'raster' | 'mask'>): MarkThumb | null {
  return markThumb(raster, mask);
}

/** Share of marks nearer to a training mark than any training mark is to another; null with fewer than two of those. */
function memorisedShare(made: readonly (MarkThumb | null)[], training: readonly MarkThumb[]): number | null {
  if (training.length < 2) return null;
  const nearest = (mark: MarkThumb, others: readonly MarkThumb[]): number =>
    Math.min(...others.map((other) => thumbDistance(mark, other)));
  const apart = Math.min(
    ...training.map((mark, i) =>
      nearest(
        mark,
        training.filter((_, k) => k !== i),
      ),
    ),
  );
  const marks = made.filter((mark) => mark !== null);
  return marks.length === 0
    ? null
    : marks.filter((mark) => nearest(mark, training) < apart).length / marks.length;
}
