// Bars with intervals and the seeds' values as dots, one chart per metric, as inline SVG.

import type { MetricSummary, ProofArm } from '../../core/domain/proof.ts';
import { escapeHtml } from '../reports/html.ts';

const WIDTH = 680;
const ROW = 26;
const LEFT = 150;
const RIGHT = 170;

export interface BarRow {
  readonly arm: ProofArm;
  readonly value: MetricSummary;
  readonly text: string;
}

/** Values are 0..1, and so is the axis: a bar's length is its value. */
export function barsSvg(title: string, rows: readonly BarRow[]): string {
  if (rows.every(({ value }) => value.mean === null))
    return `<p>${escapeHtml(title)}: not defined on this test set.</p>`;
  const x = (value: number) => LEFT + value * (WIDTH - LEFT - RIGHT);
  const height = rows.length * ROW + 24;
  const ticks = Array.from({ length: 5 }, (_, i) => i / 4);
  const parts = ticks.map(
    (t) =>
      `<line x1="${x(t)}" y1="0" x2="${x(t)}" y2="${height - 20}" stroke="#d8dce0"/><text x="${x(t)}" y="${height - 6}" text-anchor="middle">${Number((100 * t).toFixed(1))}</text>`,
  );
  rows.forEach(({ arm, value, text }, i) => {
    const y = i * ROW + 4;
    const middle = y + 9;
    parts.push(`<text x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${escapeHtml(arm)}</text>`);
    if (value.mean !== null) {
      const fill = arm === 'real' ? '#8b949e' : '#0b62a4';
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${Math.max(0, x(value.mean) - LEFT)}" height="18" fill="${fill}"/>`,
      );
    }
    if (value.lo !== null && value.hi !== null)
      parts.push(
        `<path d="M${x(value.lo)} ${middle}H${x(value.hi)}M${x(value.lo)} ${middle - 5}v10M${x(value.hi)} ${middle - 5}v10" stroke="#1b1f24" stroke-width="1.5" fill="none"/>`,
      );
    for (const seed of value.seeds)
      if (seed !== null)
        parts.push(`<circle cx="${x(seed)}" cy="${middle}" r="2.5" fill="#fff" stroke="#1b1f24"/>`);
    parts.push(`<text x="${WIDTH - RIGHT + 10}" y="${middle + 4}">${escapeHtml(text)}</text>`);
  });
  const label = escapeHtml(title);
  return `<figure><figcaption>${label}</figcaption><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">${parts.join('')}</svg></figure>`;
}
