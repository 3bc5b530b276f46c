// Below the canvas: which picture, undo, how it is shown, and whether all is stored.

import { useEffect, useState } from 'react';
import { createStore, type Store, useStore } from '../../api/index.ts';
import type { Painter } from '../../canvas/index.ts';
import { useTexts } from '../../texts/index.ts';
import { ICONS, IconButton } from '../../ui/index.ts';
import { outbox } from './outbox.ts';
import type { LabelSession, SessionState } from './session.ts';
import { SWITCH_ICONS } from './tool-icons.ts';
import type { LabelActions, ViewSwitches } from './use-label-keys.ts';

export interface CanvasBarProps {
  file: string | null;
  session: LabelSession | null;
  painter: { readonly current: Painter | null };
  view: ViewSwitches;
  actions: LabelActions;
  /** The pen is down. */
  painting: Store<boolean>;
}

const CLOSED = createStore<SessionState>({ head: 0, count: 0, mark: 'unlabelled', types: [] });

export function CanvasBar({ file, session, painter, view, actions, painting }: CanvasBarProps) {
  const t = useTexts('label');
  const { head, count } = useStore(session?.state ?? CLOSED);
  const isPainting = useStore(painting);
  const waiting = useStore(outbox.waiting);
  const switches = [
    { icon: SWITCH_ICONS.masks, label: `${t.hide} (H)`, on: view.isHidden, set: view.setHidden },
    { icon: SWITCH_ICONS.outline, label: `${t.outline} (O)`, on: view.isOutline, set: view.setOutline },
    { icon: SWITCH_ICONS.contrast, label: `${t.stretch} (C)`, on: view.isStretched, set: view.setStretched },
    { icon: SWITCH_ICONS.blink, label: `${t.blink} (B)`, on: view.isBlinking, set: view.setBlinking },
  ];
  return (
    <div className="label-bar" role="toolbar" aria-label={t.viewBar}>
      <IconButton
        icon={SWITCH_ICONS.left}
        label={`${t.previous} (←)`}
        look="quiet"
        onClick={() => actions.go(-1)}
      />
      <IconButton
        icon={SWITCH_ICONS.right}
        label={`${t.next} (→)`}
        look="quiet"
        onClick={() => actions.go(1)}
      />
      <span className="label-file ellipsis" title={file ?? ''}>
        {file ?? ''}
      </span>
      <span className="label-saved small soft" role="status">
        {isPainting ? '' : waiting > 0 ? t.saving(waiting) : count > 0 ? t.saved : ''}
      </span>
      <IconButton
        icon={SWITCH_ICONS.undo}
        label={`${t.undo} (Ctrl+Z)`}
        look="quiet"
        disabled={head === 0}
        onClick={actions.undo}
      />
      <IconButton
        icon={SWITCH_ICONS.redo}
        label={`${t.redo} (Ctrl+Shift+Z)`}
        look="quiet"
        disabled={head === count}
        onClick={actions.redo}
      />
      <span className="label-gap" />
      {switches.map(({ icon, label, on, set }) => (
        <IconButton
          key={label}
          icon={icon}
          label={label}
          look="quiet"
          aria-pressed={on}
          onClick={() => set(!on)}
        />
      ))}
      <span className="label-gap" />
      <IconButton
        icon={ICONS.minus}
        label={`${t.zoomOut} (-)`}
        look="quiet"
        onClick={() => painter.current?.zoom(0.5)}
      />
      <ZoomShown painter={painter} label={t.zoom} />
      <IconButton
        icon={ICONS.plus}
        label={`${t.zoomIn} (+)`}
        look="quiet"
        onClick={() => painter.current?.zoom(2)}
      />
      <IconButton
        icon={ICONS.fit}
        label={`${t.zoomFit} (0)`}
        look="quiet"
        onClick={() => painter.current?.fit()}
      />
    </div>
  );
}

function ZoomShown({ painter, label }: { painter: CanvasBarProps['painter']; label: string }) {
  const [scale, setScale] = useState(1);
  useEffect(() => {
    const timer = setInterval(() => setScale(painter.current?.view.scale ?? 1), 200);
    return () => clearInterval(timer);
  }, [painter]);
  return (
    <output className="label-zoom small" aria-label={label}>
      {Math.round(100 * scale)} %
    </output>
  );
}
