// The live sheet: the runs of the product, and the pictures of one as they are made.

import { useState } from 'react';
import { mediaUrl, useStored } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Badge, Button, Checkbox, EmptyState, Picture, VirtualGrid } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { RunControls } from './run-controls.tsx';
import { station } from './station.ts';
import { type ShownRun, useRuns } from './use-runs.ts';
import { type SheetPicture, useSheet } from './use-sheet.ts';

const CELL = { width: 176, height: 200 };

export function Sheet({ product }: { product: string }) {
  const t = useTexts('generate');
  const runs = useRuns(product);
  const [chosen, choose] = useState<string | null>(null);
  const run =
    runs.find(({ key }) => key === chosen) ?? runs.find(({ state }) => state === 'running') ?? runs[0];
  if (run === undefined) {
    return (
      <section className="generate-sheet" aria-label={t.sheet}>
        <EmptyState icon={station.icon} title={t.noRuns} text={t.noRunsText} />
      </section>
    );
  }
  return (
    <section className="generate-sheet" aria-label={t.sheet}>
      <RunList runs={runs} chosen={run.key} onChoose={choose} />
      <RunControls run={run} />
      <Pictures run={run} />
    </section>
  );
}

function RunList({
  runs,
  chosen,
  onChoose,
}: {
  runs: readonly ShownRun[];
  chosen: string;
  onChoose(key: string): void;
}) {
  const t = useTexts('generate');
  const language = useLanguage();
  const time = (at: number): string =>
    new Date(at).toLocaleString(language, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    });
  return (
    <nav className="generate-runs" aria-label={t.runs}>
      {runs.map((run) => (
        <button
          key={run.key}
          type="button"
          className="generate-run"
          aria-pressed={run.key === chosen}
          onClick={() => onChoose(run.key)}
        >
          <strong>
            {[t.generators[run.generator] ?? run.generator, run.type].filter(Boolean).join(' · ')}
          </strong>
          <span className="small soft">
            {time(run.createdAt)} · {run.state === 'waiting' ? t.waiting : (t.states[run.state] ?? run.state)}
          </span>
        </button>
      ))}
    </nav>
  );
}

function Pictures({ run }: { run: ShownRun }) {
  const t = useTexts('generate');
  const goTo = useGoTo();
  const { pictures, loading } = useSheet(run);
  const [masks, setMasks] = useStored<boolean>('generate.masks', true);
  const [focused, setFocused] = useState(0);
  const flagged = pictures.filter(({ flags }) => flags.length > 0).length;
  if (pictures.length === 0) {
    return <p className="generate-none soft">{loading || run.job !== null ? '' : t.noneInRun}</p>;
  }
  return (
    <>
      <div className="row generate-facts">
        <span>{t.pictures(pictures.length)}</span>
        {flagged > 0 && <Badge tone="warn">⚑ {t.flagged(flagged)}</Badge>}
        <span className="grow" />
        <Checkbox label={t.showMasks} checked={masks} onValue={setMasks} />
        <Button onClick={() => goTo('review')}>{t.toReview}</Button>
      </div>
      <div className="generate-pictures">
        <VirtualGrid
          label={t.sheet}
          count={pictures.length}
          cell={CELL}
          focused={Math.min(focused, pictures.length - 1)}
          onFocus={setFocused}
          onOpen={() => goTo('review')}
          render={(index, isFocused) => (
            <Tile picture={pictures[index]} focused={isFocused} mask={masks} good={t.good} />
          )}
        />
      </div>
    </>
  );
}

function Tile({
  picture,
  focused,
  mask,
  good,
}: {
  picture: SheetPicture;
  focused: boolean;
  mask: boolean;
  good: string;
}) {
  const t = useTexts('generate');
  const { id, index, type, flags, reasons, hasMask } = picture;
  const name = t.pictureOf(type ?? good, index + 1);
  const why = reasons !== null && reasons.length > 0 ? reasons.join('\n') : undefined;
  return (
    <figure className={focused ? 'generate-tile focused' : 'generate-tile'} title={why}>
      <div className="generate-picture">
        <Picture of={{ kind: 'generated', id }} size={256} alt={name} />
        {mask && hasMask && (
          <div
            className="generate-mask"
            style={{ maskImage: `url("${mediaUrl({ kind: 'generated-mask', id }, { size: 256 })}")` }}
          />
        )}
      </div>
      <figcaption className="small">
        <span className="ellipsis">{name}</span>
        {flags.length > 0 && (
          <span className="generate-flags ellipsis">
            ⚑ {flags.map((flag) => t.flags[flag] ?? flag).join(', ')}
          </span>
        )}
      </figcaption>
    </figure>
  );
}
