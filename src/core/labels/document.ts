// The label of one picture as a document: a base, the steps since, and how many of them count. Shared by the window
// and the engine, so that both come to the same mask bit for bit.

import { invariant } from '../base/errors.ts';
import type { Rect } from '../image/raster.ts';
import { brushSpans, type Span } from './brush.ts';
import { fillRegion, tilesOfRegion } from './regions.ts';
import { ellipseSpans, polygonSpans } from './shapes.ts';
import {
  FOREGROUND_LAYER,
  IGNORE_LAYER,
  type LabelStep,
  type LayerId,
  type PaintStep,
  type Region,
  type StoredStep,
} from './step.ts';
import { rectsUnion, type TileJournal, TileMask } from './tile-mask.ts';

export type Mark = 'normal' | 'defect' | 'unlabelled';

/** A label before its first step. */
export interface LabelBase {
  /** What the picture is where it has no type. */
  readonly mark: Mark;
  /** Types it is said to have although no pixel is marked. */
  readonly types: readonly string[];
  readonly masks: readonly { readonly layer: LayerId; readonly region: Region | null }[];
}

interface Undoable {
  readonly tiles: Map<LayerId, TileJournal>;
  mark: Mark;
  types: Set<string>;
}

/** Steps that can be taken back without painting all from the start again. */
const QUICK_UNDO = 200;

export class LabelDocument {
  readonly width: number;
  readonly height: number;
  readonly layers = new Map<LayerId, TileMask>();
  readonly #base: LabelBase;
  #mark: Mark;
  #types: Set<string>;
  #steps: StoredStep[] = [];
  #head = 0;
  /** By position; what a step changed. */
  #journal = new Map<number, Undoable>();

  constructor(
    size: { width: number; height: number },
    base: LabelBase,
    steps: readonly StoredStep[] = [],
    head = 0,
  ) {
    this.width = size.width;
    this.height = size.height;
    this.#base = base;
    this.#mark = base.mark;
    this.#types = new Set(base.types);
    this.#reset();
    for (const step of steps.slice(0, head)) this.push(step);
    this.#steps = [...steps];
  }

  get head(): number {
    return this.#head;
  }

  get steps(): readonly StoredStep[] {
    return this.#steps;
  }

  get canUndo(): boolean {
    return this.#head > 0;
  }

  get canRedo(): boolean {
    return this.#head < this.#steps.length;
  }

  layer(id: LayerId): TileMask {
    let layer = this.layers.get(id);
    if (layer === undefined) {
      layer = new TileMask(this.width, this.height);
      this.layers.set(id, layer);
    }
    return layer;
  }

  /** Types the picture has: marked, or said so. */
  types(): string[] {
    const painted = [...this.layers]
      .filter(([id, layer]) => id !== IGNORE_LAYER && id !== FOREGROUND_LAYER && !layer.isEmpty())
      .map(([id]) => id);
    return [...new Set([...this.#types, ...painted])].sort();
  }

  /** What the picture counts as. */
  mark(): Mark {
    return this.types().length > 0 ? 'defect' : this.#mark;
  }

  /** Adds a step after the head and does it; steps that were taken back are dropped. Gives what has changed. */
  push(stored: StoredStep): Rect | null {
    return this.adopt(stored, this.#do(stored.step));
  }

  /** Adds a step whose pixels `paintLive` has painted already. */
  adopt(stored: StoredStep, done: Undoable): Rect | null {
    this.#steps.length = this.#head;
    this.#steps.push(stored);
    this.#remember(done);
    return this.#changed(done);
  }

  /** Paints while the pen is down: `work` gets the layer and the journal. */
  paintLive(done: Undoable, layer: LayerId, work: (tiles: TileMask, journal: TileJournal) => void): void {
    work(this.layer(layer), journalOf(done, layer));
  }

  begin(): Undoable {
    return { tiles: new Map(), mark: this.#mark, types: new Set(this.#types) };
  }

  /** Takes back what was painted live and is not wanted. */
  cancel(done: Undoable): Rect | null {
    const changed = this.#changed(done);
    this.#swap(done);
    return changed;
  }

  undo(): Rect | null {
    invariant(this.canUndo, 'nothing to undo');
    const done = this.#journal.get(this.#head - 1);
    if (done === undefined) return this.goTo(this.#head - 1);
    this.#swap(done);
    this.#head--;
    return this.#changed(done);
  }

  redo(): Rect | null {
    invariant(this.canRedo, 'nothing to redo');
    const done = this.#journal.get(this.#head);
    if (done === undefined) {
      const fresh = this.#do(this.#steps[this.#head].step);
      this.#remember(fresh);
      return this.#changed(fresh);
    }
    this.#swap(done);
    this.#head++;
    return this.#changed(done);
  }

  /** Paints all from the base again. */
  goTo(head: number): Rect {
    invariant(head >= 0 && head <= this.#steps.length, `no step ${head}`);
    this.#reset();
    this.#journal.clear();
    this.#head = 0;
    for (const { step } of this.#steps.slice(0, head)) this.#remember(this.#do(step));
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  #reset(): void {
    this.layers.clear();
    this.#mark = this.#base.mark;
    this.#types = new Set(this.#base.types);
    for (const { layer, region } of this.#base.masks) {
      this.layers.set(layer, tilesOfRegion(region, this.width, this.height));
    }
  }

  #remember(done: Undoable): void {
    this.#journal.set(this.#head, done);
    this.#head++;
    for (const position of this.#journal.keys()) {
      if (position >= this.#head || position < this.#head - QUICK_UNDO) this.#journal.delete(position);
    }
  }

  #do(step: LabelStep): Undoable {
    const done = this.begin();
    if (step.kind === 'mark') {
      if (step.as !== 'defect') {
        this.#mark = step.as;
        this.#types = new Set();
        for (const [id, layer] of this.layers) {
          if (id !== IGNORE_LAYER && id !== FOREGROUND_LAYER) layer.clear(journalOf(done, id));
        }
      } else if (step.type !== null) this.#types = new Set([...this.#types, step.type]);
    } else if (step.kind === 'clear') {
      this.layer(step.layer).clear(journalOf(done, step.layer));
      this.#types = new Set([...this.#types].filter((type) => type !== step.layer));
    } else {
      paint(this.layer(step.layer), step, journalOf(done, step.layer));
    }
    return done;
  }

  /** Exchanges what is with what was; a second time goes back again. */
  #swap(done: Undoable): void {
    for (const [id, journal] of done.tiles) this.layer(id).swap(journal);
    [done.mark, this.#mark] = [this.#mark, done.mark];
    [done.types, this.#types] = [this.#types, done.types];
  }

  #changed(done: Undoable): Rect | null {
    return rectsUnion(
      [...done.tiles].flatMap(([id, journal]) =>
        [...journal.keys()].map((index) => this.layer(id).tileRect(index)),
      ),
    );
  }
}

export type { Undoable };

function journalOf(done: Undoable, layer: LayerId): TileJournal {
  let journal = done.tiles.get(layer);
  if (journal === undefined) {
    journal = new Map();
    done.tiles.set(layer, journal);
  }
  return journal;
}

function paint(tiles: TileMask, step: PaintStep, journal: TileJournal): void {
  if (step.kind === 'region') {
    if (step.remove !== null) fillRegion(tiles, step.remove, 0, journal);
    if (step.add !== null) fillRegion(tiles, step.add, 1, journal);
    return;
  }
  const value = step.add ? 1 : 0;
  const span: Span = (y, x0, x1) => tiles.fillSpan(y, x0, x1, value, journal);
  if (step.kind === 'brush') brushSpans(step, span);
  else if (step.kind === 'polygon') polygonSpans(step.points, tiles, span);
  else if (step.kind === 'ellipse') ellipseSpans(step, span);
  else for (let y = step.y; y < step.y + step.height; y++) span(y, step.x, step.x + step.width);
}
