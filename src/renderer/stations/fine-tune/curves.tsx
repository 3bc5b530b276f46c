// The loss: all of it large, its terms small beside it, each on a scale of its own.

import { useLanguage, useTexts } from '../../texts/index.ts';
import type { CurvePoint } from './use-watch.ts';

const WIDTH = 100;
const HEIGHT = 100;
/** Points that the trend is smoothed over, as a share of all. */
const SMOOTHING = 0.15;

export function Curves({ points, empty }: { points: readonly CurvePoint[]; empty: string | null }) {
  const t = useTexts('fine-tune');
  if (points.length === 0 && empty === null) return null;
  const names = Object.keys(points.at(-1)?.terms ?? {}).filter((name) => name !== 'loss');
  return (
    <section className="fine-tune-panel fine-tune-loss" aria-labelledby="fine-tune-loss">
      <h3 id="fine-tune-loss">{t.loss}</h3>
      <p className="small soft">{points.length === 0 ? empty : t.lossText}</p>
      {points.length > 0 && (
        <>
          <Curve name="loss" points={points} large />
          <div className="fine-tune-curves">
            {names.map((name) => (
              <Curve key={name} name={name} points={points} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function Curve({
  name,
  points,
  large = false,
}: {
  name: string;
  points: readonly CurvePoint[];
  large?: boolean;
}) {
  const t = useTexts('fine-tune');
  const language = useLanguage();
  const values = points
    .map(({ step, terms }) => ({ step, value: terms[name] }))
    .filter(({ value }) => Number.isFinite(value));
  if (values.length === 0) return null;
  const title = t.terms[name] ?? name;
  const figure = (value: number): string => shown(value, language);
  const low = Math.min(...values.map(({ value }) => value));
  const high = Math.max(...values.map(({ value }) => value));
  const [first, last] = [values[0], values[values.length - 1]];
  const place = (from: readonly Value[]): string => pathOf(from, { low, high, until: last.step });
  return (
    <figure className={large ? 'fine-tune-curve large' : 'fine-tune-curve'}>
      <figcaption className="small">
        <span className="grow ellipsis" title={title}>
          {title}
        </span>
        <strong>{figure(last.value)}</strong>
      </figcaption>
      <div className="fine-tune-plot">
        {large && (
          <span className="small soft" aria-hidden="true">
            {figure(high)}
          </span>
        )}
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t.curveWords(title, figure(first.value), figure(last.value))}
        >
          <path className="raw" d={place(values)} />
          <path className="trend" d={place(smoothed(values))} />
        </svg>
        {large && (
          <span className="small soft" aria-hidden="true">
            {figure(low)}
          </span>
        )}
      </div>
      {large && (
        <div className="row small soft" aria-hidden="true">
          <span className="grow">{first.step.toLocaleString()}</span>
          <span>{t.updates(last.step)}</span>
        </div>
      )}
    </figure>
  );
}

interface Value {
  step: number;
  value: number;
}

/** Mean of the points around each. */
function smoothed(values: readonly Value[]): Value[] {
  const reach = Math.floor((SMOOTHING * values.length) / 2);
  return values.map(({ step }, i) => {
    const near = values.slice(Math.max(0, i - reach), i + reach + 1);
    return { step, value: near.reduce((sum, { value }) => sum + value, 0) / near.length };
  });
}

function pathOf(
  values: readonly Value[],
  { low, high, until }: { low: number; high: number; until: number },
) {
  const x = (step: number): number => (until === 0 ? 0 : (WIDTH * step) / until);
  const y = (value: number): number => HEIGHT - (HEIGHT * (value - low)) / Math.max(1e-12, high - low);
  const at = ({ step, value }: Value): string => `${x(step).toFixed(2)},${y(value).toFixed(2)}`;
  // A single point is drawn as a short line.
  if (values.length === 1) return `M0,${y(values[0].value)} H${WIDTH}`;
  return `M${values.map(at).join('L')}`;
}

function shown(value: number, language: string): string {
  return value.toLocaleString(language, { maximumSignificantDigits: 3 });
}
