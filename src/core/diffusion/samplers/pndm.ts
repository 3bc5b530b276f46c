// PNDM (Liu et al. 2022, arXiv 2202.09778): pseudo linear multistep, optionally started by pseudo Runge-Kutta.

import { AppError } from '../../base/errors.ts';
import { type Floats, mix, type Term } from '../floats.ts';
import { levelAt, toNoise } from '../parametrisation.ts';
import { readGrid, type SamplerFamily } from '../sampler.ts';
import { stepper } from '../stepper.ts';
import { singleStepGrid } from '../time-grid.ts';

/** Adams-Bashforth weights on the newest outputs, newest first. */
const ADAMS_BASHFORTH: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];
const RUNGE_KUTTA = [1 / 6, 1 / 3, 1 / 3, 1 / 6];

/** One network call: where the network is asked, and from and to which timestep its answer moves the sample. */
interface Call {
  readonly ask: number;
  readonly from: number;
  readonly to: number;
}

/** Steps of the multistep part; without a Runge-Kutta start the first is done twice (asked at its end, then averaged). */
function linearCalls(ascending: readonly number[], stride: number, withHeunStart: boolean): Call[] {
  const calls = ascending.toReversed().map((t) => ({ ask: t, from: t, to: t - stride }));
  if (withHeunStart && calls.length > 1) {
    calls.splice(1, 0, { ask: calls[1].ask, from: calls[1].ask + stride, to: calls[1].ask });
  }
  return calls;
}

/** Three full steps of four calls: at the start, twice half way, at the end. */
function rungeKuttaCalls(ascending: readonly number[], half: number): Call[] {
  const starts = ascending.slice(-3).reverse();
  const ends = ascending.slice(-4, -1).reverse();
  return starts.flatMap((from, k) => [
    { ask: from, from, to: from - half },
    { ask: ends[k] + half, from, to: ends[k] + half },
    { ask: ends[k] + half, from, to: ends[k] + half - half },
    { ask: ends[k], from, to: ends[k] },
  ]);
}

/** diffusers' PNDMScheduler. */
export const pndm: SamplerFamily = (reader, context) => {
  const { alphasCumprod, config } = context.schedule;
  const grid = readGrid(reader, context, 'leading');
  const skipPrk = reader.flag('skip_prk_steps', false);
  const finalAbar = reader.flag('set_alpha_to_one', false) ? 1 : alphasCumprod[0];
  reader.only('prediction_type', 'epsilon', 'v_prediction');
  const abarAt = (t: number) => (t >= 0 ? alphasCumprod[t] : finalAbar);

  /** Equation 9: moves x from one level to another along a noise estimate. */
  const transfer = <T extends Floats>(x: T, output: T, call: Call): T => {
    const from = abarAt(call.from);
    const to = abarAt(call.to);
    const eps = toNoise(context.predictionType, x, output, levelAt(from));
    const denominator = from * Math.sqrt(1 - to) + Math.sqrt(from * (1 - from) * to);
    return mix(x, [Math.sqrt(to / from), x], [(from - to) / denominator, eps]);
  };

  return (steps) => {
    const ascending = singleStepGrid(steps, grid).reverse();
    const stride = Math.floor(config.numTrainTimesteps / steps);
    if (!skipPrk && steps < 4)
      throw new AppError('usage', 'PNDM with Runge-Kutta start needs at least 4 steps');
    const start = skipPrk ? [] : rungeKuttaCalls(ascending, Math.floor(stride / 2));
    const calls = [...start, ...linearCalls(skipPrk ? ascending : ascending.slice(0, -3), stride, skipPrk)];

    const outputs: Floats[] = []; // newest first
    let origin: Floats | undefined; // sample at the start of the step that takes several calls
    let slopes: Term[] = [];

    const rungeKutta = <T extends Floats>(i: number, x: T, output: T): T => {
      const stage = i % 4;
      if (stage === 0) {
        origin = x;
        outputs.unshift(output);
        slopes = [];
      }
      slopes.push([RUNGE_KUTTA[stage], output]);
      const slope = stage === 3 ? mix(output, ...slopes) : output;
      return transfer(origin as T, slope, calls[i]);
    };

    const linear = <T extends Floats>(i: number, x: T, output: T): T => {
      if (skipPrk && i === 1)
        return transfer(origin as T, mix(output, [0.5, output], [0.5, outputs[0]]), calls[i]);
      if (i === 0) origin = x;
      outputs.unshift(output);
      outputs.length = Math.min(outputs.length, 4);
      const weights = ADAMS_BASHFORTH[outputs.length - 1];
      return transfer(x, mix(output, ...outputs.map((values, k): Term => [weights[k], values])), calls[i]);
    };

    return stepper({
      timesteps: calls.map((call) => call.ask),
      levelBefore: (i) => levelAt(i === 0 ? abarAt(calls[0].from) : abarAt(calls[i - 1].to)),
      advance: (i, x, output) => (i < start.length ? rungeKutta(i, x, output) : linear(i, x, output)),
    });
  };
};
