// One fine-tune: how far it is, what it has learned so far, and how it ended.

import { useTexts } from '../../texts/index.ts';
import { Attention } from './attention.tsx';
import { Controls } from './controls.tsx';
import { Curves } from './curves.tsx';
import { Film } from './film.tsx';
import { flatFor } from './plateau.ts';
import { Result } from './result.tsx';
import type { ShownRun } from './use-train-runs.ts';
import { useWatch } from './use-watch.ts';

export function RunView({ shown }: { shown: ShownRun }) {
  const t = useTexts('fine-tune');
  const watched = useWatch(shown);
  const { points, previews } = watched;
  const isLive = shown.job !== null;
  const isLearning = shown.job?.progress?.phase === 'fine-tune';
  const flat = isLearning ? flatFor(points.map(({ step, terms }) => ({ step, loss: terms.loss }))) : null;
  // SeaS shows its progress; another method what it has.
  const isAwaited = isLive && shown.method === 'seas';
  const shows = points.length > 0 || previews.length > 0 || isAwaited;
  return (
    <div className="fine-tune-view">
      <Controls shown={shown} flat={flat} />
      {shown.run?.state === 'done' && <Result run={shown.run} />}
      {shows && (
        <>
          {(isAwaited || previews.length > 0) && (
            <Film previews={previews} empty={isAwaited ? t.filmSoon : t.noFilm} />
          )}
          <Attention previews={previews} />
          <Curves points={points} empty={isAwaited ? t.lossSoon : null} />
        </>
      )}
    </div>
  );
}
