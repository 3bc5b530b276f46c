// One product's pictures being labelled: brings list, canvas and panels together.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { AppError } from '../../../core/base/errors.ts';
import { FOREGROUND_LAYER, IGNORE_LAYER } from '../../../core/labels/step.ts';
import { createStore, useEngine, useQuery, useStored } from '../../api/index.ts';
import {
  type LayerLook,
  PaintCanvas,
  type Painter,
  type PainterState,
  PixelTools,
  type Subject,
} from '../../canvas/index.ts';
import { useTexts } from '../../texts/index.ts';
import { ErrorNote, showError, toast } from '../../ui/index.ts';
import { LABEL_WORK_KEY, labelPictureKey } from '../open-in-label.ts';
import { CanvasBar } from './canvas-bar.tsx';
import { LabelPanel } from './label-panel.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { ToolBar } from './tool-bar.tsx';
import { useKeyPen } from './use-key-pen.ts';
import { useLabelKeys } from './use-label-keys.ts';
import { useNearest } from './use-nearest.ts';
import { type Levels, usePicture } from './use-picture.ts';
import { type QueueFilter, useQueue } from './use-queue.ts';
import { useSession } from './use-session.ts';
import { FIRST_STATE, rgbOf, settingsOf, type WorkState } from './work-state.ts';

const IGNORE_COLOUR = [215, 215, 215] as const;
const FOREGROUND_COLOUR = [0, 0, 0] as const;

export function LabelStation({ product }: { product: string }) {
  const t = useTexts('label');
  const engine = useEngine();
  const [kept, setWork] = useStored<Partial<WorkState>>(LABEL_WORK_KEY, {});
  const work = useMemo(() => ({ ...FIRST_STATE, ...kept }), [kept]);
  const [filter, setFilter] = useStored<QueueFilter>('label.filter', 'all');
  const [stored, setPicture] = useStored<string>(labelPictureKey(product), '');
  const [isHidden, setHidden] = useState(false);
  const [isOutline, setOutline] = useState(false);
  const [isStretched, setStretched] = useState(false);
  const [isBlinking, setBlinking] = useState(false);
  // The pen goes up and down often: only the bar below the canvas follows it.
  const [painting] = useState(() => createStore(false));
  const [levels, setLevels] = useState<Levels | null>(null);
  const painter = useRef<Painter | null>(null);
  const pixels = usePixelTools();
  const change = (next: Partial<WorkState>): void => setWork({ ...work, ...next });

  const types = useQuery(['labels', 'types', product], ({ engine: e, signal }) =>
    e.labels.types({ product }, { signal }),
  );
  const known = types.data?.types ?? [];
  const special = work.layer === IGNORE_LAYER || work.layer === FOREGROUND_LAYER;
  const layer = special || known.some(({ id }) => id === work.layer) ? work.layer : (known[0]?.id ?? '');
  const subject = layer === FOREGROUND_LAYER ? 'foreground' : 'picture';

  const queue = useQueue(product, filter);
  const picture = stored || (queue.at(0)?.id ?? null);
  const { label, error, again } = useSession(picture, subject, painter);
  const info = label?.opened.picture ?? null;
  // The first picture of the list stays open when its label takes it off the list.
  const first = stored === '' ? picture : null;
  useEffect(() => {
    if (first !== null) setPicture(first);
  });
  const isGone = error instanceof AppError && error.code === 'not-found';
  useEffect(() => {
    if (isGone) setPicture('');
  });

  useEffect(() => setLevels(info?.levels ?? null), [info]);
  const redraw = useCallback(() => painter.current?.stage.all(), []);
  const loaded = usePicture(info, info?.levels ? (levels ?? info.levels) : null, redraw);
  const blink = useNearest(info?.id ?? null, isBlinking);
  const near = usePicture(
    info !== null && blink.nearest !== null ? { ...info, id: blink.nearest } : null,
    info?.levels ? (levels ?? info.levels) : null,
    redraw,
  );
  const isNear = blink.shown && near.loaded !== null;
  useEffect(() => {
    if (blink.isNone) toast({ text: t.noNormal });
  }, [blink.isNone, t]);

  const layerOf = isNear ? near.loaded!.layer : (loaded.loaded?.layer ?? null);
  const document = label?.session.document ?? null;
  const shownSubject = useMemo<Subject | null>(
    () => (document === null || layerOf === null ? null : { document, picture: layerOf }),
    [document, layerOf],
  );
  const blob = loaded.loaded?.blob ?? null;
  useEffect(() => {
    if (blob !== null) pixels.setPicture(blob);
  }, [blob, pixels]);

  const isAway = isNear || label === null || label.session.subject !== subject;
  const locked = isAway ? 'away' : layer === '' ? 'no-type' : isHidden ? 'hidden' : null;
  const typesKey = JSON.stringify(known);
  // biome-ignore lint/correctness/useExhaustiveDependencies: types are compared by their content
  const state = useMemo<PainterState>(() => {
    const looks: LayerLook[] = known.map(({ id, colour }) => ({
      id,
      colour: rgbOf(colour),
      look: isOutline ? 'outline' : 'fill',
      opacity: work.opacity,
    }));
    looks.push({ id: IGNORE_LAYER, colour: IGNORE_COLOUR, look: 'stripes', opacity: 0.7 });
    const shown: LayerLook[] =
      subject === 'picture'
        ? looks
        : [{ id: FOREGROUND_LAYER, colour: FOREGROUND_COLOUR, look: 'outside', opacity: 0.6 }];
    return {
      tool: work.tool,
      layer,
      settings: settingsOf(work),
      shown: isHidden || isNear ? [] : shown,
      stretched: isStretched,
      locked,
    };
  }, [typesKey, work, layer, subject, isHidden, isOutline, isStretched, isNear, locked]);

  const keyPen = useKeyPen(painter, document);
  const go = async (step: 1 | -1, which: QueueFilter): Promise<void> => {
    if (picture === null) return;
    const next = await engine.labels.neighbour({ picture, filter: which, step });
    if (next.picture !== null) setPicture(next.picture);
    else toast({ text: which === 'unlabelled' ? t.noMoreUnlabelled : step === 1 ? t.atEnd : t.atStart });
  };
  const actions = {
    go: (step: 1 | -1, which: QueueFilter = filter) => void go(step, which).catch(showError),
    mark(as: 'normal' | 'unlabelled' | 'defect') {
      if (label === null || subject !== 'picture') return;
      if (as === 'defect' && (layer === '' || special)) return toast({ text: t.chooseType });
      label.session.commit({ kind: 'mark', as, type: as === 'defect' ? layer : null }, null);
    },
    clear(id: string) {
      if (id !== '') label?.session.commit({ kind: 'clear', layer: id }, null);
    },
    undo() {
      if (painter.current?.isPainting) painter.current.cancel();
      else if (label?.session.undo() === false) toast({ text: t.nothingToUndo });
    },
    redo() {
      if (label?.session.redo() === false) toast({ text: t.nothingToRedo });
    },
  };
  const view = {
    isHidden,
    isOutline,
    isStretched,
    isBlinking,
    setHidden,
    setOutline,
    setStretched,
    setBlinking,
  };
  useLabelKeys({ work, change, actions, view, painter, keyPen, types: known, layer });

  return (
    <div className="label">
      <QueuePanel
        queue={queue}
        filter={filter}
        onFilter={setFilter}
        picture={picture}
        onPicture={setPicture}
        colours={Object.fromEntries(known.map(({ name, colour }) => [name, colour]))}
      />
      <section className="label-work" aria-label={t.canvas}>
        <ToolBar work={work} change={change} />
        <div className="label-canvas">
          <ErrorNote error={error ?? loaded.error ?? types.error} retry={again} />
          <PaintCanvas
            label={t.canvasOf(info?.file ?? '')}
            subject={shownSubject}
            viewKey={info === null ? '' : `${info.width}x${info.height} ${info.id}`}
            state={state}
            pixels={pixels}
            events={{
              commit: (step, done) => label?.session.commit(step, done),
              settings: change,
              remark: (remark) => toast({ text: t.remarks[remark] }),
              busy: painting.set,
            }}
            onPainter={(made) => {
              painter.current = made;
            }}
            keyPen={keyPen.at}
            onMouse={keyPen.stop}
          />
          {isNear && <div className="label-near">{t.thisIsNormal}</div>}
        </div>
        <CanvasBar
          file={info?.file ?? null}
          session={label?.session ?? null}
          painter={painter}
          view={view}
          actions={actions}
          painting={painting}
        />
      </section>
      <LabelPanel
        product={product}
        types={known}
        layer={layer}
        work={work}
        change={change}
        session={label?.session ?? null}
        actions={actions}
        deep={info?.levels && levels ? { levels, whole: info.levels, setLevels } : null}
      />
    </div>
  );
}

function usePixelTools(): PixelTools {
  const [tools] = useState(() => new PixelTools());
  useEffect(() => () => tools.close(), [tools]);
  return tools;
}
