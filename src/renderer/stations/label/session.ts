// One picture's label in the window: painted at once, stored right after, masks written when the hand rests.

import type { FlawsmithClient } from '../../../contract/contract.ts';
import { LabelDocument, type Mark, type Undoable } from '../../../core/labels/document.ts';
import type { LabelStep } from '../../../core/labels/step.ts';
import { createStore, invalidate } from '../../api/index.ts';
import type { Box } from '../../canvas/view.ts';
import { outbox } from './outbox.ts';

export type Subject = 'picture' | 'foreground';
export type Opened = Awaited<ReturnType<FlawsmithClient['labels']['open']>>;

export interface SessionState {
  readonly head: number;
  readonly count: number;
  readonly mark: Mark;
  /** Ids of the types the picture has. */
  readonly types: readonly string[];
}

export interface SessionEvents {
  /** Pixels have changed other than under the pen. */
  changed(part: Box): void;
  /** The engine has refused a change: what it holds is loaded again. */
  refused(error: unknown): void;
}

const REST_MS = 700;
/** An engine that was restarted is there again soon. */
const MOST_TRIES = 20;

export class LabelSession {
  readonly picture: string;
  readonly subject: Subject;
  readonly document: LabelDocument;
  readonly state;
  readonly #engine: FlawsmithClient;
  readonly #events: SessionEvents;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failed = 0;

  constructor(engine: FlawsmithClient, subject: Subject, opened: Opened, events: SessionEvents) {
    const { picture, document } = opened;
    this.picture = picture.id;
    this.subject = subject;
    this.document = new LabelDocument(picture, document.base, document.steps, document.head);
    this.state = createStore(this.#now());
    this.#engine = engine;
    this.#events = events;
  }

  /** `done`: the pixels are painted already. */
  commit(step: LabelStep, done: Undoable | null): void {
    const stored = { id: crypto.randomUUID(), step };
    const at = this.document.head;
    const part = done === null ? this.document.push(stored) : this.document.adopt(stored, done);
    this.#put((engine) => engine.labels.append({ ...this.#which(), at, ...stored }));
    if (done === null && part !== null) this.#events.changed(part);
    this.#after();
  }

  undo(): boolean {
    if (!this.document.canUndo) return false;
    this.#moved(this.document.undo());
    return true;
  }

  redo(): boolean {
    if (!this.document.canRedo) return false;
    this.#moved(this.document.redo());
    return true;
  }

  /** Writes the masks now; called when the picture is left. */
  async settle(): Promise<void> {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    await outbox.empty();
    try {
      const { changed } = await this.#engine.labels.settle(this.#which());
      this.#failed = 0;
      if (changed) for (const key of ['labels', 'pictures', 'workspace']) invalidate(key);
    } catch {
      // The steps are stored; the masks are written at the latest when something needs them.
      if (++this.#failed < MOST_TRIES && this.#timer === null) this.#rest();
    }
  }

  #moved(part: Box | null): void {
    const { head } = this.document;
    this.#put((engine) => engine.labels.setHead({ ...this.#which(), head }));
    if (part !== null) this.#events.changed(part);
    this.#after();
  }

  #put(send: (engine: FlawsmithClient) => Promise<unknown>): void {
    const about = `${this.subject} ${this.picture}`;
    outbox.put(this.#engine, { about, send, refused: this.#events.refused });
  }

  #after(): void {
    this.state.set(this.#now());
    this.#rest();
  }

  #rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.settle(), REST_MS);
  }

  #which() {
    return { picture: this.picture, subject: this.subject };
  }

  #now(): SessionState {
    const { document } = this;
    return {
      head: document.head,
      count: document.steps.length,
      mark: document.mark(),
      types: document.types(),
    };
  }
}
