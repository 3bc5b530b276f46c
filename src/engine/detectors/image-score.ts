// A picture's score out of its map at working scale.

import { maxScore, pooledMaxScore } from '../../core/metrics/image-score.ts';
import type { ImageScoreRule } from './spec.ts';

export function imageScore(
  rule: ImageScoreRule,
  scores: Float32Array,
  width: number,
  height: number,
): number {
  switch (rule.rule) {
    case 'max':
      return maxScore(scores);
    case 'pooledMax':
      return pooledMaxScore(scores, width, height, rule.size);
    case 'topMean': {
      const highest = scores.toSorted().subarray(-rule.count);
      return highest.reduce((sum, v) => sum + v, 0) / highest.length;
    }
  }
}
