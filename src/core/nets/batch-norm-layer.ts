// Batch norm as a layer: its parameters, the mode of a whole network, and what its running statistics become.

import type { Value } from '../graph/value.ts';
import { batchNorm, batchNormEval, runningStatistic } from './functional.ts';
import type { ParameterTable, Scope } from './scope.ts';

/** `batch`: statistics of these items (training, and SeaS's released mask inference); `running`: the stored ones. */
export type NormMode = 'batch' | 'running';

/** The batch norms of one network in one pass. A layer called twice updates its statistics twice, in order. */
export class Norms {
  readonly mode: NormMode;
  /** Statistics as stored -> as updated so far. */
  readonly #updated = new Map<Value, Value>();

  constructor(mode: NormMode) {
    this.mode = mode;
  }

  /** x [N,C,...]; parameters weight, bias, running_mean and running_var [C]. */
  apply(s: Scope, x: Value): Value {
    const c = [x.shape[1]];
    const [weight, bias] = [s.param('weight', c), s.param('bias', c)];
    const stored = { mean: s.param('running_mean', c), variance: s.param('running_var', c) };
    if (this.mode === 'running') return batchNormEval(s.b, x, weight, bias, stored);
    const { y, mean, variance } = batchNorm(s.b, x, weight, bias);
    const update = (statistic: Value, batch: Value): void => {
      const current = this.#updated.get(statistic) ?? statistic;
      this.#updated.set(statistic, runningStatistic(s.b, current, batch));
    };
    update(stored.mean, mean);
    update(stored.variance, variance);
    return y;
  }

  /** New running statistics by parameter name (`batch` mode), momentum 0.1. */
  running(table: ParameterTable): Record<string, Value> {
    const running: Record<string, Value> = {};
    for (const [name, value] of table) {
      const update = this.#updated.get(value);
      if (update) running[name] = update;
    }
    return running;
  }
}

/** Whether a parameter is trained: running statistics are not. */
export function isTrained(name: string): boolean {
  return !/\.running_(mean|var)$/.test(name);
}
