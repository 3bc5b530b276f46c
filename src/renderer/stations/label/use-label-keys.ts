// The keys of the station.

import type { LabelType } from '../../../contract/methods/labels.ts';
import { FOREGROUND_LAYER, IGNORE_LAYER } from '../../../core/labels/step.ts';
import { type Painter, TOOL_NAMES, type ToolName } from '../../canvas/index.ts';
import { useTexts } from '../../texts/index.ts';
import { useKeys } from '../../ui/index.ts';
import type { KeyPen } from './use-key-pen.ts';
import { nextSize, type WorkState } from './work-state.ts';

export const TOOL_KEYS: Readonly<Record<ToolName, string>> = {
  brush: 'D',
  eraser: 'E',
  polygon: 'P',
  rectangle: 'R',
  ellipse: 'L',
  wand: 'W',
  fill: 'F',
  snap: 'S',
};

export interface LabelActions {
  go(step: 1 | -1, filter?: 'unlabelled'): void;
  mark(as: 'normal' | 'unlabelled' | 'defect'): void;
  clear(layer: string): void;
  undo(): void;
  redo(): void;
}

export interface ViewSwitches {
  isHidden: boolean;
  isOutline: boolean;
  isStretched: boolean;
  isBlinking: boolean;
  setHidden(on: boolean): void;
  setOutline(on: boolean): void;
  setStretched(on: boolean): void;
  setBlinking(on: boolean): void;
}

export interface KeyTargets {
  work: WorkState;
  change(next: Partial<WorkState>): void;
  actions: LabelActions;
  view: ViewSwitches;
  painter: { readonly current: Painter | null };
  keyPen: KeyPen;
  types: readonly LabelType[];
  layer: string;
}

/** Pixels of the key pen with Ctrl. */
const FAR = 10;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function useLabelKeys({
  work,
  change,
  actions,
  view,
  painter,
  keyPen,
  types,
  layer,
}: KeyTargets): void {
  const t = useTexts('label');
  const movePen = (event: KeyboardEvent, far: number): void => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    keyPen.move(far * dx, far * dy);
  };
  const arrows = (held: string): string =>
    Object.keys(ARROWS)
      .map((key) => `${held}+${key}`)
      .join(' ');
  useKeys(t.keysTools, [
    ...TOOL_NAMES.map((tool) => ({
      keys: TOOL_KEYS[tool],
      title: t.tools[tool],
      run: () => change({ tool }),
    })),
    { keys: '[', title: t.smaller, run: () => change({ size: nextSize(work.size, -1) }) },
    { keys: ']', title: t.larger, run: () => change({ size: nextSize(work.size, 1) }) },
    ...types.slice(0, 9).map(({ id, name }, i) => ({
      keys: String(i + 1),
      title: t.paintType(name),
      run: () => change({ layer: id }),
    })),
    { keys: 'I', title: t.ignore, run: () => change({ layer: IGNORE_LAYER }) },
    { keys: 'G', title: t.foreground, run: () => change({ layer: FOREGROUND_LAYER }) },
    { keys: 'Mod+Z', title: t.undo, run: actions.undo },
    { keys: 'Mod+Shift+Z Mod+Y', title: t.redo, run: actions.redo },
    {
      keys: 'Escape',
      title: t.cancel,
      run() {
        painter.current?.cancel();
        view.setBlinking(false);
      },
    },
    {
      keys: 'Enter',
      title: t.finish,
      run() {
        if (keyPen.at === null && painter.current?.isPainting) painter.current.finish();
        else keyPen.press();
      },
    },
    { keys: 'Backspace', title: t.back, run: () => painter.current?.back() },
    { keys: arrows('Mod+Shift'), title: t.keyPenFar, run: (event) => movePen(event, FAR) },
    { keys: arrows('Shift'), title: t.keyPenMove, run: (event) => movePen(event, 1) },
  ]);
  useKeys(t.keysPictures, [
    { keys: 'ArrowRight', title: t.next, run: () => actions.go(1) },
    { keys: 'ArrowLeft', title: t.previous, run: () => actions.go(-1) },
    { keys: 'PageDown', title: t.nextUnlabelled, run: () => actions.go(1, 'unlabelled') },
    { keys: 'PageUp', title: t.previousUnlabelled, run: () => actions.go(-1, 'unlabelled') },
    { keys: 'N', title: t.markNormal, run: () => actions.mark('normal') },
    { keys: 'U', title: t.markUnlabelled, run: () => actions.mark('unlabelled') },
    { keys: 'T', title: t.markDefect, run: () => actions.mark('defect') },
    { keys: 'Delete', title: t.clear, run: () => actions.clear(layer) },
    { keys: 'H', title: t.hide, run: () => view.setHidden(!view.isHidden) },
    { keys: 'O', title: t.outline, run: () => view.setOutline(!view.isOutline) },
    { keys: 'C', title: t.stretch, run: () => view.setStretched(!view.isStretched) },
    { keys: 'B', title: t.blink, run: () => view.setBlinking(!view.isBlinking) },
    { keys: '+ =', title: t.zoomIn, run: () => painter.current?.zoom(1.5) },
    { keys: '-', title: t.zoomOut, run: () => painter.current?.zoom(1 / 1.5) },
    { keys: '0', title: t.zoomFit, run: () => painter.current?.fit() },
  ]);
}
