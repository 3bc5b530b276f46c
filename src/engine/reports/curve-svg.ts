// A line chart as inline SVG: axes, round ticks, a legend; no script, no reference to anything outside.

import type { ReportCurve } from './demo-report.ts';
import { escapeHtml } from './html.ts';

const WIDTH = 640;
const HEIGHT = 260;
const PLOT = { left: 62, right: 14, top: 14, bottom: 42 };
const COLOURS = ['#0b62a4', '#c0392b', '#27824a', '#8e44ad', '#b9770e', '#34495e'];
/** More points than pixels only make the file large. */
const MOST_POINTS = 600;

type Point = readonly [number, number];

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: number[];
}

/** The chart, or a sentence where there is nothing to draw. */
export function curveSvg(curve: ReportCurve): string {
  const series = curve.series.map((s) => ({
    name: s.name,
    points: s.points.filter((p) => p.every(Number.isFinite)),
  }));
  const all = series.flatMap((s) => s.points);
  if (all.length === 0) return `<p>${escapeHtml(curve.title)}: no points.</p>`;
  const x = axis(all.map((p) => p[0]));
  const y = axis(all.map((p) => p[1]));
  const px = (v: number): number =>
    PLOT.left + ((v - x.low) / (x.high - x.low)) * (WIDTH - PLOT.left - PLOT.right);
  const py = (v: number): number =>
    HEIGHT - PLOT.bottom - ((v - y.low) / (y.high - y.low)) * (HEIGHT - PLOT.top - PLOT.bottom);
  const parts: string[] = [];
  for (const t of x.ticks)
    parts.push(
      line(px(t), PLOT.top, px(t), HEIGHT - PLOT.bottom),
      label(px(t), HEIGHT - PLOT.bottom + 16, 'middle', tickText(t)),
    );
  for (const t of y.ticks)
    parts.push(
      line(PLOT.left, py(t), WIDTH - PLOT.right, py(t)),
      label(PLOT.left - 6, py(t) + 4, 'end', tickText(t)),
    );
  parts.push(label((PLOT.left + WIDTH) / 2, HEIGHT - 6, 'middle', curve.xLabel));
  parts.push(
    `<text x="12" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 12 ${HEIGHT / 2})">${escapeHtml(curve.yLabel)}</text>`,
  );
  series.forEach(({ name, points }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const path = thin(points).map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`);
    if (path.length === 1)
      parts.push(
        `<circle cx="${path[0].split(',')[0]}" cy="${path[0].split(',')[1]}" r="3" fill="${colour}"/>`,
      );
    else
      parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${path.join(' ')}"/>`);
    const top = PLOT.top + 12 + 16 * i;
    parts.push(`<rect x="${WIDTH - 190}" y="${top - 9}" width="12" height="4" fill="${colour}"/>`);
    parts.push(label(WIDTH - 172, top - 3, 'start', name));
  });
  const title = escapeHtml(curve.title);
  const body = parts.join('\n');
  return `<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">\n${body}\n</svg></figure>`;
}

/** Range and round ticks (1, 2 or 5 times a power of ten), about five of them. */
function axis(values: readonly number[]): Axis {
  let low = values.reduce((a, b) => Math.min(a, b));
  let high = values.reduce((a, b) => Math.max(a, b));
  if (low === high) {
    const room = Math.abs(low) || 1;
    low -= room / 2;
    high += room / 2;
  }
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
  return { low, high, ticks };
}

/** Keeps first and last; in between the mean of equal stretches. */
function thin(points: readonly Point[]): Point[] {
  if (points.length <= MOST_POINTS) return [...points];
  const out: Point[] = [];
  for (let i = 0; i < MOST_POINTS; i++) {
    const part = points.slice(
      Math.floor((i * points.length) / MOST_POINTS),
      Math.floor(((i + 1) * points.length) / MOST_POINTS),
    );
    out.push([mean(part.map((p) => p[0])), mean(part.map((p) => p[1]))]);
  }
  return [points[0], ...out, points[points.length - 1]];
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function tickText(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#d8dce0"/>`;
}

function label(x: number, y: number, anchor: string, text: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
}
