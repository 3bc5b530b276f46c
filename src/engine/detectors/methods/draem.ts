// DRAEM (Zavrtanik et al. 2021) on windows: both networks, its losses, its score; weak rows as in AnoGen.

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { Builder } from '../../../core/graph/builder.ts';
import { draem } from '../../../core/nets/draem.ts';
import { focalMap } from '../../../core/nets/functional.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { countedPixels } from '../../../core/recipes/detector/counted-pixels.ts';
import { draemLoss } from '../../../core/recipes/draem/losses.ts';
import type { DetectorMethod } from '../method.ts';
import type { DetectorSettings } from '../settings.ts';
import { cleanFeeds, labelledFeeds } from './window-feeds.ts';

/** Side of the window the paper's 21 px score is for. */
const PAPER_SIDE = 256;
const PAPER_POOL = 21;

export function draemMethod(settings: DetectorSettings): DetectorMethod {
  const { window: side, width, reconstructionWidth, weakThreshold, steps, rate } = settings;
  const config = { reconstructive: reconstructionWidth, discriminative: width };
  const network = (rows: number, mode: 'batch' | 'running') => {
    const s = new Scope(new Builder());
    const image = s.b.input('image', [rows, 3, side, side]);
    return { s, b: s.b, image, ...draem(s, image, config, mode) };
  };
  return {
    frozen: {},
    imageScore: { rule: 'pooledMax', size: 1 + 2 * Math.round(((PAPER_POOL - 1) / 2) * (side / PAPER_SIDE)) },
    rate: (_name, update) => warmupCosine(update, steps, rate),
    step(rows) {
      const { s, b, reconstruction, logits, running } = network(rows, 'batch');
      const plane = [rows, 1, side, side];
      const mask = b.input('mask', plane);
      const weak = b.input('weak', [rows, 1, 1, 1]);
      // Where nobody knows what the picture would be without its defect, the reconstruction is its own target.
      const unknown = b.input('unknown', plane);
      const clean = b.input('clean', [rows, 3, side, side]);
      const own = b.mul(b.stopGradient(reconstruction), unknown);
      const picture = b.add(own, b.mul(clean, b.sub(1, unknown)));
      const { loss, terms } = draemLoss(b, { picture, reconstruction, logits, mask }, (p, y) => {
        const defect = b.narrow(p, 1, 1, 1);
        const counts = countedPixels(b, { defect, mask: y, weak }, weakThreshold);
        return b.mean(b.mul(focalMap(b, p, y), counts), 'all');
      });
      return { b, loss, terms, parameters: s.table, table: s.table, state: running };
    },
    feeds: (windows) => ({ ...labelledFeeds(windows), ...cleanFeeds(windows) }),
    scoring(rows) {
      const { b, logits } = network(rows, 'running');
      const defect = b.narrow(b.softmax(logits, 1), 1, 1, 1);
      return { outputs: { map: b.reshape(defect, [rows, side, side]) } };
    },
  };
}
