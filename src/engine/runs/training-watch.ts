// What a training tells besides its progress, and the wish to end it early. Everything is in the store before it is told.

import type { Clock } from '../ids.ts';
import {
  askEnd,
  hasPreviews,
  insertPreview,
  isEndAsked,
  type PreviewKind,
  putPoint,
} from '../store/training-watch.ts';
import type { Workspace } from '../workspace.ts';

/** A picture of how far a training has come. */
export interface Preview {
  readonly kind: PreviewKind;
  /** Which of its kind: the same place shows the same thing at every step. */
  readonly place: number;
  readonly type: string;
  /** Of attention: the token that looks. */
  readonly token: string | null;
  /** PNG. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Given to a training; it reads weights and shows them, and never changes what the run gives. */
export interface TrainingWatch {
  /** Whether the user wants the run to end after this step and keep what it has. */
  endWanted(): boolean;
  /** A point of the loss curve: means by term. */
  point(step: number, terms: Readonly<Record<string, number>>): void;
  /** Whether a run before an interruption has stored this step's pictures. */
  hasPreviews(step: number): boolean;
  storePreviews(step: number, previews: readonly Preview[]): Promise<void>;
}

export type WatchEvent =
  | { event: 'loss'; runId: string; step: number; terms: Record<string, number> }
  | { event: 'preview'; runId: string; step: number; pictures: number };

export function createTrainingWatch(options: {
  workspace: Workspace;
  clock: Clock;
  runId: string;
  emit(event: WatchEvent): void;
}): TrainingWatch {
  const { workspace, clock, runId, emit } = options;
  return {
    endWanted: () => isEndAsked(workspace.db, runId),
    point(step, terms) {
      putPoint(workspace.db, runId, { step, terms: { ...terms } });
      emit({ event: 'loss', runId, step, terms: { ...terms } });
    },
    hasPreviews: (step) => hasPreviews(workspace.db, runId, step),
    async storePreviews(step, previews) {
      const blobs: string[] = [];
      for (const { png } of previews) blobs.push((await workspace.blobs.put(png)).hash);
      workspace.db.transaction(() => {
        previews.forEach(({ png: _, ...preview }, i) => {
          insertPreview(workspace.db, { ...preview, id: clock.newId(), runId, step, blob: blobs[i] });
        });
      });
      emit({ event: 'preview', runId, step, pictures: previews.length });
    },
  };
}

/** Remembers the wish; a run that goes on sees it after its present step, one that is paused when it is resumed. */
export function wantEnd(workspace: Workspace, runId: string, at: number): void {
  workspace.db.transaction(() => askEnd(workspace.db, runId, at));
}
