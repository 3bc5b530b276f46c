// How long a training will take, from how long the parts of earlier ones took on the same device.

/** What was measured of one phase. */
export interface PhaseTime {
  readonly phase: string;
  /** Units of work (windows drawn, updates) that `seconds` stand for. */
  readonly units: number;
  readonly seconds: number;
  /** Seconds of the phase beside its units: compiling, reading, measuring. */
  readonly fixed: number;
}

export interface Measurement {
  readonly phases: readonly PhaseTime[];
  /** The run; several sittings have the same. */
  readonly source: string;
  /** Of a whole run, not of a short measurement. */
  readonly isRun: boolean;
  /** Measured under the same conditions (size of a step, plan), not only on the same device. */
  readonly isSame: boolean;
}

export interface PhaseForecast {
  readonly phase: string;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

export interface TrainingForecast {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
  readonly phases: PhaseForecast[];
}

/** Relative spread that is assumed at least: several runs, one run, a short measurement, other conditions. */
const SPREAD = { runs: 0.12, run: 0.2, short: 0.35, other: 0.6 } as const;

/** A sitting with less of the units than this share of the longest says little about their rate. */
const LEAST_SHARE = 0.1;

/** Measurements that know a phase. */
const knowing = (measurements: readonly Measurement[], phase: string): Measurement[] =>
  measurements.filter((m) => m.phases.some((p) => p.phase === phase && p.units > 0));

/** Best evidence first: only what is as good as the best is used. */
function best(measurements: readonly Measurement[]): readonly Measurement[] {
  for (const isSame of [true, false])
    for (const isRun of [true, false]) {
      const found = measurements.filter((m) => m.isSame === isSame && m.isRun === isRun);
      if (found.length > 0) return found;
    }
  return [];
}

function spreadOf(used: readonly Measurement[]): number {
  if (!used[0].isSame) return SPREAD.other;
  if (!used[0].isRun) return SPREAD.short;
  return used.length > 1 ? SPREAD.runs : SPREAD.run;
}

const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0);

/**
 * Seconds for `units` of work per phase, in their order. Null where a phase was never measured.
 * The range spans the rates that were seen, and an assumed spread that is wider the less was measured.
 */
export function forecastTraining(
  measurements: readonly Measurement[],
  units: Readonly<Record<string, number>>,
): TrainingForecast | null {
  const phases: PhaseForecast[] = [];
  for (const [phase, count] of Object.entries(units)) {
    const used = best(knowing(measurements, phase));
    if (used.length === 0) return null;
    const spread = spreadOf(used);
    const all = used.flatMap((m) => m.phases.filter((p) => p.phase === phase && p.units > 0));
    const most = Math.max(...all.map((p) => p.units));
    const seen = all.filter((p) => p.units >= LEAST_SHARE * most);
    const rate = sum(seen.map((p) => p.seconds)) / sum(seen.map((p) => p.units));
    const rates = seen.map((p) => p.seconds / p.units);
    const fixed = sum(seen.map((p) => p.fixed)) / seen.length;
    phases.push({
      phase,
      seconds: fixed + count * rate,
      low: (1 - spread) * fixed + count * Math.min(...rates, (1 - spread) * rate),
      high: (1 + spread) * fixed + count * Math.max(...rates, (1 + spread) * rate),
    });
  }
  return {
    seconds: sum(phases.map((p) => p.seconds)),
    low: sum(phases.map((p) => p.low)),
    high: sum(phases.map((p) => p.high)),
    phases,
  };
}

/**
 * What the time of the longest phase rests on: how many runs or short measurements, and whether conditions were the
 * same. Null where no time can be told.
 */
export function evidenceOf(measurements: readonly Measurement[], units: Readonly<Record<string, number>>) {
  const forecast = forecastTraining(measurements, units);
  if (forecast === null) return null;
  const longest = forecast.phases.reduce((a, b) => (b.seconds > a.seconds ? b : a));
  const used = best(knowing(measurements, longest.phase));
  return {
    count: new Set(used.map(({ source }) => source)).size,
    isRun: used[0].isRun,
    isSame: used[0].isSame,
  };
}
