// What a demo report shows: plain data, filled by whoever ran the demo.

import type { Showable } from '../imaging/index.ts';

/** A line of the table of numbers; `ok` is null where there is no bar to meet. */
export interface ReportNumber {
  readonly label: string;
  readonly value: string;
  /** The bar, as text, e.g. "at least 0.5". */
  readonly bar?: string;
  readonly ok?: boolean | null;
}

export interface ReportSeries {
  readonly name: string;
  /** [x, y], x rising; points that are not finite are left out. */
  readonly points: readonly (readonly [number, number])[];
}

export interface ReportCurve {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly ReportSeries[];
}

/** One measured property of a generated picture. */
export interface ReportCheck {
  readonly name: string;
  readonly value: string;
  readonly ok: boolean;
}

export interface ReportPicture {
  readonly id: string;
  readonly type: string;
  readonly generator: string;
  readonly picture: Showable;
  readonly mask: Showable | null;
  /** Pictures may have different checks; the table has a column for every name. */
  readonly checks: readonly ReportCheck[];
  /** Reasons why it was flagged; empty where it passed. */
  readonly flags: readonly string[];
}

export interface ReportSheet {
  readonly title: string;
  /** PNG bytes as composed by `composeContactSheets`. */
  readonly png: Uint8Array;
}

export interface DemoReport {
  readonly title: string;
  /** One line under the title: data, preset, machine. */
  readonly subtitle: string;
  /** Honest remarks: what works, what does not, what was not measured. */
  readonly notes: readonly string[];
  readonly numbers: readonly ReportNumber[];
  readonly curves: readonly ReportCurve[];
  readonly pictures: readonly ReportPicture[];
  readonly sheets: readonly ReportSheet[];
}
