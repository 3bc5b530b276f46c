// Trains a detector of any kind, and finds its thresholds.

import type { DetectorContext, DetectorRequest, TrainedDetector } from './detector.ts';
import { fitMemory } from './fit-memory.ts';
import { methodOf } from './methods/index.ts';
import { NetworkDetector } from './network-detector.ts';
import { checkedSettings } from './settings.ts';
import type { DetectorSpec } from './spec.ts';
import { trainedWeights } from './train-network.ts';
import { findThresholds } from './validation.ts';

/** Trains, keeps the weights that validation prefers, and finds the thresholds. */
export async function trainDetector(
  request: DetectorRequest,
  context: DetectorContext,
): Promise<TrainedDetector> {
  const { kind, compile, scale } = request;
  const settings = checkedSettings(kind, request.settings);
  const method = methodOf(kind, settings, request.packPath);
  const { weights, summary } =
    'patches' in method
      ? { weights: await fitMemory(method, settings, request, context), summary: {} }
      : await trainedWeights(method, settings, request, context);
  const { imageScore } = method;
  // A product without 16-bit pictures says nothing about theirs.
  const white = request.white !== undefined && request.white > 255 ? request.white : null;
  const thresholds = { pixel: null, image: null };
  const spec: DetectorSpec = { version: 1, kind, settings, scale, white, imageScore, thresholds };
  const detector = await NetworkDetector.create(spec, method, weights, compile);
  try {
    return detector.finished(await findThresholds(detector, request.validation, context.signal), summary);
  } catch (error) {
    await detector.release();
    throw error;
  }
}
