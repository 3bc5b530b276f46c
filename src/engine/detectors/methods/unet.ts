// Supervised segmentation: a U-Net on windows.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { SEGMENTATION_UNET, segmentationUnet } from '../../../core/nets/segmentation-unet.ts';
import { segmentationLoss } from '../../../core/recipes/detector/segmentation-loss.ts';
import type { DetectorMethod } from '../method.ts';
import type { DetectorSettings } from '../settings.ts';
import { labelledFeeds } from './window-feeds.ts';

/** 0..1 -> the range the network sees. */
const CENTRE = 0.5;
const SPREAD = 0.25;

export function unetMethod(settings: DetectorSettings): DetectorMethod {
  const { window: side, width, weakThreshold, steps, rate } = settings;
  const network = (rows: number) => {
    const s = new Scope(new Builder());
    const { b } = s;
    const image = b.input('image', [rows, 3, side, side]);
    const config = { ...SEGMENTATION_UNET, width };
    const logits = segmentationUnet(s, b.mul(b.sub(image, CENTRE), 1 / SPREAD), config);
    return { s, b, logits };
  };
  return {
    frozen: {},
    rate: (_name, update) => warmupCosine(update, steps, rate),
    imageScore: { rule: 'pooledMax', size: 5 },
    step(rows) {
      const { s, b, logits } = network(rows);
      const mask = b.input('mask', [rows, 1, side, side]);
      const weak = b.input('weak', [rows, 1, 1, 1]);
      const { loss, terms } = segmentationLoss(b, { logits, mask, weak }, { weakThreshold });
      return { b, loss, terms, parameters: s.table, table: s.table };
    },
    feeds: labelledFeeds,
    scoring(rows) {
      const { b, logits } = network(rows);
      return { outputs: { map: b.reshape(b.sigmoid(logits), [rows, side, side]) } };
    },
  };
}
