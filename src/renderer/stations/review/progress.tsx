// How far the review is, and how fast it goes.

import { useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';
import { ProgressBar } from '../../ui/index.ts';
import { countsOf, type ReviewedPicture } from './order.ts';

/** Decisions before a pace is told, and how far back it looks. */
const FEWEST = 5;
const LOOK_BACK = 30;
/** A longer silence is a break, not slowness. */
const BREAK_MS = 60_000;

export function Progress({
  pictures,
  pace,
}: {
  pictures: readonly ReviewedPicture[];
  pace: readonly number[];
}) {
  const t = useTexts('review');
  const { accepted, rejected, undecided } = countsOf(pictures);
  const decided = accepted + rejected;
  const seconds = secondsEach(pace);
  return (
    <div className="review-progress">
      <ProgressBar label={t.progress} done={decided} total={pictures.length} />
      <span className="small">
        <span className="review-good">✓ {accepted.toLocaleString()}</span>{' '}
        <span className="unseen">{t.counts.accepted}, </span>
        <span className="review-bad">✕ {rejected.toLocaleString()}</span>{' '}
        <span className="unseen">{t.counts.rejected}, </span>
        <span className="soft">
          {undecided.toLocaleString()} {t.counts.undecided}
        </span>
      </span>
      {seconds !== null && undecided > 0 && (
        <span className="small soft review-pace">
          {t.pace(Math.max(1, Math.round(60 / seconds)), formatSeconds(undecided * seconds))}
        </span>
      )}
    </div>
  );
}

/** Mean time of a decision without breaks; null where there were too few. */
export function secondsEach(pace: readonly number[]): number | null {
  const recent = pace.slice(-LOOK_BACK);
  const gaps = recent.slice(1).map((at, i) => at - recent[i]);
  const worked = gaps.filter((gap) => gap < BREAK_MS);
  if (worked.length < FEWEST) return null;
  return Math.max(0.2, worked.reduce((sum, gap) => sum + gap, 0) / worked.length / 1000);
}
