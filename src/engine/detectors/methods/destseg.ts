// DeSTSeg on windows; its frozen teacher is the pack's encoder, because there are no ImageNet weights (decision 0019).

import { warmupCosine } from '../../../core/autodiff/rates.ts';
import { Builder } from '../../../core/graph/builder.ts';
import type { Value } from '../../../core/graph/value.ts';
import {
  type DestsegConfig,
  destsegHead,
  destsegStudent,
  fusedSimilarity,
} from '../../../core/nets/destseg.ts';
import { bilinear } from '../../../core/nets/functional.ts';
import { Scope } from '../../../core/nets/scope.ts';
import { headLoss, studentLoss } from '../../../core/recipes/detector/destseg-loss.ts';
import { type PackFeature, packFeatures } from '../../../core/recipes/detector/pack-features.ts';
import type { DetectorMethod } from '../method.ts';
import { frozenPack } from '../pack-networks.ts';
import type { DetectorSettings } from '../settings.ts';
import { cleanFeeds, labelledFeeds } from './window-feeds.ts';

/** At a quarter, an eighth and a sixteenth of the window, as the paper's. */
const TEACHER: readonly PackFeature[] = ['encoder32', 'unet16', 'unet8'];
/** Cells the picture's score is the mean of: the paper's 100 of 256 x 256 px. */
const TOP_SHARE = 100 / 256 ** 2;

export function destsegMethod(settings: DetectorSettings, packPath?: string): DetectorMethod {
  const { window: side, width, weakThreshold, steps, rate, studentShare } = settings;
  const pack = frozenPack(packPath);
  const studentSteps = Math.round(steps * studentShare);
  const isStudent = (name: string) => name.startsWith('student.');
  const network = (rows: number) => {
    const s = new Scope(new Builder());
    const { b } = s;
    const teacherOf = (image: Value) => {
      const features = packFeatures(b, image, pack.networks);
      return TEACHER.map((name) => b.stopGradient(features[name]));
    };
    const image = b.input('image', [rows, 3, side, side]);
    const teacher = teacherOf(image);
    const config: DestsegConfig = {
      width,
      normGroups: 8,
      teacher: teacher.map(({ shape }) => shape[1]),
      dilations: [1, 6, 12, 18],
    };
    const student = destsegStudent(s.at('student'), image, config);
    const detached = student.map((features) => b.stopGradient(features));
    const logits = destsegHead(s.at('head'), fusedSimilarity(b, teacher, detached), config);
    return { s, b, teacherOf, student, logits };
  };
  return {
    frozen: pack.weights,
    imageScore: { rule: 'topMean', count: Math.max(1, Math.round(TOP_SHARE * side ** 2)) },
    rate(name, update) {
      if (isStudent(name)) return update < studentSteps ? warmupCosine(update, studentSteps, rate) : 0;
      return update < studentSteps ? 0 : warmupCosine(update - studentSteps, steps - studentSteps, rate);
    },
    step(rows) {
      const { s, b, teacherOf, student, logits } = network(rows);
      const plane = [rows, 1, side, side];
      const clean = teacherOf(b.input('clean', [rows, 3, side, side]));
      const mask = b.input('mask', plane);
      const weak = b.input('weak', [rows, 1, 1, 1]);
      const terms = {
        student: studentLoss(b, student, clean, b.input('unknown', plane)),
        head: headLoss(b, { logits, mask, weak }, weakThreshold),
      };
      const inStudent = b.input('in_student_phase', [1]);
      const loss = b.add(b.mul(inStudent, terms.student), b.mul(b.sub(1, inStudent), terms.head));
      return { b, loss: b.sum(loss, 'all'), terms, parameters: s.table, table: s.table };
    },
    feeds: (windows, update) => ({
      ...labelledFeeds(windows),
      ...cleanFeeds(windows),
      in_student_phase: Float32Array.of(update < studentSteps ? 1 : 0),
    }),
    scoring(rows) {
      const { b, logits } = network(rows);
      const map = bilinear(b, b.sigmoid(logits), [side, side]);
      return { outputs: { map: b.reshape(map, [rows, side, side]) } };
    },
  };
}
