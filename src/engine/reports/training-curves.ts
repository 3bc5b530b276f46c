// The fine-tune's loss curves, from the lines that training reported.

import type { JsonObject } from '../../core/domain/json.ts';
import type { ReportCurve } from './demo-report.ts';
import { numberOf } from './picture-checks.ts';
import { objectOf } from './report-numbers.ts';

/** Losses of the diffusion model, and the terms that pull attention onto the defect: their scales differ. */
const CURVES: readonly { title: string; terms: readonly string[] }[] = [
  { title: 'Loss', terms: ['loss', 'windows', 'L_df', 'L_NA'] },
  { title: 'Decoupled attention terms', terms: ['DA_2', 'DA_4'] },
];

export function trainingCurves(numbers: JsonObject): ReportCurve[] {
  const { lossCurve } = objectOf(numbers.training);
  const points = Array.isArray(lossCurve) ? lossCurve.map(objectOf) : [];
  const curves = CURVES.map(({ title, terms }) => ({
    title,
    xLabel: 'step',
    yLabel: 'loss',
    series: terms
      .map((name) => ({ name, points: seriesOf(points, name) }))
      .filter((s) => s.points.length > 0),
  }));
  return curves.filter((curve) => curve.series.length > 0);
}

function seriesOf(points: readonly JsonObject[], name: string): (readonly [number, number])[] {
  const series: (readonly [number, number])[] = [];
  for (const point of points) {
    const [step, value] = [numberOf(point.step), numberOf(point[name])];
    if (step !== null && value !== null) series.push([step, value]);
  }
  return series;
}
