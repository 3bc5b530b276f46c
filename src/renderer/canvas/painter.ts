// Turns what the pointer and the keys do on the canvas into steps of a label.

import type { LabelDocument, Undoable } from '../../core/labels/document.ts';
import { fillRegion } from '../../core/labels/regions.ts';
import { type LabelStep, type LayerId, MOST_BRUSH, type Region } from '../../core/labels/step.ts';
import { TileMask } from '../../core/labels/tile-mask.ts';
import { Coverage } from './coverage.ts';
import type { ShownLayer } from './overlay.ts';
import type { PictureLayer } from './picture-layer.ts';
import type { PixelTools } from './pixel-tools.ts';
import { Stage } from './stage.ts';
import { TOOLS } from './tools/index.ts';
import type {
  Gesture,
  PenPoint,
  Sketch,
  ToolContext,
  ToolName,
  ToolRemark,
  ToolSettings,
} from './tools/tool.ts';
import { type Box, fitView, held, panBy, type Size, type View, zoomAt } from './view.ts';

export interface PainterEvents {
  commit(step: LabelStep, done: Undoable | null): void;
  settings(next: Partial<ToolSettings>): void;
  sketch(sketch: Sketch | null): void;
  remark(remark: ToolRemark): void;
  view(view: View): void;
  /** The pen went down or up. */
  busy(busy: boolean): void;
}

export interface LayerLook {
  readonly id: LayerId;
  readonly colour: readonly [number, number, number];
  readonly look: ShownLayer['look'];
  readonly opacity: number;
}

export interface PainterState {
  readonly tool: ToolName;
  readonly layer: LayerId;
  readonly settings: ToolSettings;
  readonly shown: readonly LayerLook[];
  readonly stretched: boolean;
  /** Why nothing can be painted; null where it can. */
  readonly locked: 'no-type' | 'hidden' | 'away' | null;
}

/** A picture and its label on the canvas. */
export interface Subject {
  readonly document: LabelDocument;
  readonly picture: PictureLayer;
}

export class Painter {
  readonly stage: Stage;
  readonly #events: PainterEvents;
  readonly #pixels: PixelTools;
  #state: PainterState;
  #subject: Subject | null = null;
  #coverages = new Map<LayerId, Coverage>();
  #preview: Coverage | null = null;
  #previewBox: Box | null = null;
  #gesture: Gesture | null = null;
  #penDown = false;

  constructor(
    canvases: { picture: HTMLCanvasElement; overlay: HTMLElement },
    pixels: PixelTools,
    state: PainterState,
    events: PainterEvents,
  ) {
    this.stage = new Stage(canvases.picture, canvases.overlay);
    this.#pixels = pixels;
    this.#state = state;
    this.#events = events;
  }

  get view(): View {
    return this.stage.view;
  }

  get isPainting(): boolean {
    return this.#gesture !== null;
  }

  /** An outline that goes on after pen-up. */
  get isOutlining(): boolean {
    return this.#gesture?.lasts ?? false;
  }

  /** Another picture, or the same one with another label. Keeps the view where it is asked to. */
  open(subject: Subject | null, keepView: boolean): void {
    this.cancel();
    this.#subject = subject;
    this.#coverages = new Map();
    this.#preview = null;
    if (subject !== null && !keepView) this.fit();
    this.update(this.#state);
  }

  update(state: PainterState): void {
    const isOther = state.tool !== this.#state.tool || state.layer !== this.#state.layer;
    if (isOther && this.#gesture?.lasts) this.cancel();
    this.#state = state;
    const layers: ShownLayer[] = [];
    if (this.#subject !== null) {
      for (const { id, ...look } of state.shown) layers.push({ ...look, coverage: this.#coverageOf(id) });
      if (this.#preview !== null)
        layers.push({ coverage: this.#preview, colour: [255, 255, 255], look: 'fill', opacity: 0.6 });
    }
    this.stage.show({ picture: this.#subject?.picture ?? null, layers, stretched: state.stretched });
  }

  /** Pixels have changed by undo, redo or another step. */
  changed(part: Box): void {
    if (this.#subject === null) return;
    for (const { id } of this.#state.shown) this.#coverageOf(id).changed(part);
    this.update(this.#state);
  }

  resize(size: Size): void {
    const before = this.stage.size;
    const wasFitted = this.#isFitted(before);
    this.stage.resize(size);
    if (wasFitted) this.fit();
    else this.look(this.view);
  }

  fit(): void {
    if (this.#subject !== null) this.look(fitView(this.stage.size, this.#subject.document));
  }

  look(view: View): void {
    const next = this.#subject === null ? view : held(view, this.stage.size, this.#subject.document);
    this.stage.look(next);
    this.#events.view(next);
  }

  zoom(factor: number, dx = this.stage.size.width / 2, dy = this.stage.size.height / 2): void {
    this.look(zoomAt(this.view, factor, dx, dy));
  }

  pan(dx: number, dy: number): void {
    this.look(panBy(this.view, dx, dy));
  }

  down(at: PenPoint, erase: boolean): void {
    const { locked } = this.#state;
    if (locked === 'no-type' || locked === 'hidden') this.#events.remark(locked);
    if (this.#subject === null || locked !== null) return;
    this.#penDown = true;
    if (this.#gesture?.lasts) {
      this.#gesture.down?.(at);
      this.#forgetEnded();
      return;
    }
    this.#events.busy(true);
    this.#gesture = TOOLS[this.#state.tool](this.#context(this.#subject, erase), at);
    if (this.#gesture === null) this.#events.busy(false);
  }

  move(points: readonly PenPoint[]): void {
    if (this.#penDown) this.#gesture?.move(points);
    else this.#gesture?.hover?.(points.at(-1)!);
  }

  up(): void {
    if (!this.#penDown) return;
    this.#penDown = false;
    this.#gesture?.up();
    this.#forgetEnded();
  }

  /** Enter. */
  finish(): void {
    this.#gesture?.finish?.();
    this.#forgetEnded();
  }

  back(): void {
    this.#gesture?.back?.();
  }

  cancel(): void {
    this.#penDown = false;
    if (this.#gesture === null) return;
    this.#gesture.cancel();
    this.#gesture = null;
    this.#events.busy(false);
  }

  close(): void {
    this.cancel();
    this.stage.close();
  }

  #forgetEnded(): void {
    if (this.#gesture === null || this.#gesture.lasts) return;
    this.#gesture = null;
    this.#events.busy(false);
  }

  #isFitted(size: Size): boolean {
    if (this.#subject === null || size.width === 0) return true;
    const fit = fitView(size, this.#subject.document);
    return Math.abs(fit.scale - this.view.scale) < 1e-9 * fit.scale;
  }

  #context({ document }: Subject, erase: boolean): ToolContext {
    const { layer, settings, tool } = this.#state;
    const coverage = this.#coverageOf(layer);
    return {
      document,
      layer,
      settings: { ...settings, size: Math.max(1, Math.min(MOST_BRUSH, Math.round(settings.size))) },
      pixels: this.#pixels,
      scale: this.view.scale,
      erase: erase !== (tool === 'eraser'),
      painted: (part) => this.stage.changed(coverage, part),
      commit: (step, done) => {
        if (this.#subject?.document === document) this.#events.commit(step, done ?? null);
      },
      sketch: this.#events.sketch,
      preview: (region) => this.#showPreview(region),
      setTolerance: (tolerance) => this.#events.settings({ tolerance }),
      remark: this.#events.remark,
    };
  }

  #showPreview(region: Region | null): void {
    const before = this.#previewBox;
    if (region === null) this.#preview = null;
    else {
      const { width, height } = this.#subject!.document;
      const tiles = new TileMask(width, height);
      fillRegion(tiles, region, 1);
      this.#preview = new Coverage(tiles);
    }
    this.#previewBox = region;
    this.update(this.#state);
    for (const box of [before, region])
      if (box !== null && this.#preview !== null) this.stage.changed(this.#preview, box);
  }

  #coverageOf(id: LayerId): Coverage {
    const mask = this.#subject!.document.layer(id);
    let coverage = this.#coverages.get(id);
    if (coverage === undefined || coverage.mask !== mask) {
      coverage = new Coverage(mask);
      this.#coverages.set(id, coverage);
    }
    return coverage;
  }
}
