// Scores and maps of an inspection, the most suspicious first.

import { useState } from 'react';
import { isRunning, type JobInfo, useEngine, useMutation, useStored } from '../../../api/index.ts';
import { useLanguage, useTexts } from '../../../texts/index.ts';
import { formatSeconds } from '../../../ui/format-time.ts';
import {
  Badge,
  Button,
  Checkbox,
  EmptyState,
  ErrorNote,
  ICONS,
  Picture,
  ProgressBar,
  VirtualGrid,
} from '../../../ui/index.ts';
import { station } from '../station.ts';

interface Inspected {
  id: string;
  file: string;
  picture: string | null;
  score: number;
  anomalous: boolean | null;
  label: 'good' | 'defect' | null;
}

interface Inspection {
  threshold: { value: number | null; goods: number; supported: boolean };
  pictures: Inspected[];
  imageAuroc: number | null;
}

const CELL = { width: 212, height: 262 };

export function InspectResults({ job }: { job: JobInfo | null }) {
  const t = useTexts('prove').inspect;
  if (job === null) {
    return (
      <section className="prove-results" aria-label={t.results}>
        <EmptyState icon={station.icon} title={t.none} text={t.noneText} />
      </section>
    );
  }
  return (
    <section className="prove-results" aria-label={t.results}>
      {isRunning(job) && <Running job={job} />}
      <ErrorNote error={job.error} />
      {job.result !== null && <Sheet inspection={job.result as unknown as Inspection} />}
    </section>
  );
}

function Running({ job }: { job: JobInfo }) {
  const t = useTexts('prove');
  const engine = useEngine();
  const { done = 0, total = 0, etaSeconds = null } = job.progress ?? {};
  const stop = useMutation(() => engine.jobs.stop({ id: job.id }));
  const words = [
    total > 0 && `${done.toLocaleString()} / ${total.toLocaleString()}`,
    etaSeconds !== null && t.left(formatSeconds(etaSeconds)),
  ].filter(Boolean);
  return (
    <div className="row">
      <div className="grow stack">
        <ProgressBar label={t.inspect.running} done={done} total={total} />
        <span className="small soft">{words.join(' · ')}</span>
      </div>
      <Button icon={ICONS.pause} disabled={job.state !== 'running'} onClick={() => void stop.run()}>
        {t.pause}
      </Button>
    </div>
  );
}

function Sheet({ inspection }: { inspection: Inspection }) {
  const t = useTexts('prove').inspect;
  const language = useLanguage();
  const [maps, setMaps] = useStored<boolean>('prove.maps', true);
  const [focused, setFocused] = useState(0);
  const { threshold, imageAuroc } = inspection;
  const pictures = inspection.pictures.toSorted((a, b) => b.score - a.score);
  const number = (value: number): string => value.toLocaleString(language, { maximumSignificantDigits: 3 });
  const found = pictures.filter(({ anomalous }) => anomalous === true).length;
  const words =
    threshold.value === null
      ? [t.noThreshold]
      : [
          t.threshold(number(threshold.value), threshold.goods),
          t.found(found, pictures.length),
          !threshold.supported && t.unsupported,
        ];
  return (
    <>
      <div className="row">
        <p className="grow">
          {[...words, imageAuroc !== null && t.auroc(number(imageAuroc))].filter(Boolean).join(' ')}
        </p>
        <Checkbox label={t.map} checked={maps} onValue={setMaps} />
      </div>
      <div className="prove-sheet">
        <VirtualGrid
          label={t.results}
          count={pictures.length}
          cell={CELL}
          focused={Math.min(focused, Math.max(0, pictures.length - 1))}
          onFocus={setFocused}
          render={(index, isFocused) => (
            <Tile picture={pictures[index]} focused={isFocused} map={maps} score={number} />
          )}
        />
      </div>
    </>
  );
}

interface TileProps {
  picture: Inspected;
  focused: boolean;
  map: boolean;
  score(value: number): string;
}

function Tile({ picture, focused, map, score }: TileProps) {
  const t = useTexts('prove').inspect;
  const { id, file, anomalous, label } = picture;
  const plain = !map && picture.picture !== null;
  return (
    <figure className={focused ? 'prove-tile focused' : 'prove-tile'}>
      <Picture
        of={plain ? { kind: 'picture', id: picture.picture! } : { kind: 'inspected-heat', id }}
        size={256}
        alt={file}
      />
      <figcaption>
        <span className="row">
          <strong>{t.score(score(picture.score))}</strong>
          {anomalous !== null && (
            <Badge tone={anomalous ? 'bad' : 'good'}>{anomalous ? `! ${t.anomalous}` : `✓ ${t.good}`}</Badge>
          )}
        </span>
        <span className="small soft ellipsis" title={file}>
          {[label && t.labelled[label], file.split(/[\\/]/).at(-1)].filter(Boolean).join(' · ')}
        </span>
      </figcaption>
    </figure>
  );
}
