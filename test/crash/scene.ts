// What is run and killed: for each phase a command on a prepared workspace, how to go on, and what must come out.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isResumable } from '../../src/core/domain/run.ts';
import { sha256 } from '../../src/engine/blobs/blob-reader.ts';
import { listAudit } from '../../src/engine/store/audit.ts';
import { listExports } from '../../src/engine/store/exports.ts';
import { listGenerations } from '../../src/engine/store/generations.ts';
import { listImages } from '../../src/engine/store/images.ts';
import { listProducts } from '../../src/engine/store/products.ts';
import { listRuns } from '../../src/engine/store/runs.ts';
import { latestTokenSet } from '../../src/engine/store/token-sets.ts';
import type { ReadableWorkspace } from '../../src/engine/workspace.ts';

/** In this order: each starts from the undisturbed end of the one before. */
export const PHASES = ['init', 'import', 'train', 'generate', 'review', 'export'] as const;
/** Those that have to be hit at least 30 times in 200. */
export const WORK: readonly Phase[] = ['import', 'train', 'generate', 'review', 'export'];
export type Phase = (typeof PHASES)[number];

/** A trial's folder: the workspace and, beside it, what is exported. */
export const WORKSPACE = 'parts';
const EXPORTED = 'set';

export interface Scene {
  readonly phase: Phase;
  readonly name: string;
  /** The command, for a trial's folder. */
  command(trial: string): string[];
  /** The command that ends what a kill cut off; null when nothing is left to do. */
  goOn(workspace: ReadableWorkspace, trial: string): string[] | null;
  /** What the command is for, without ids and times: equal after every kill. */
  outcome(workspace: ReadableWorkspace, trial: string): unknown;
}

export interface Material {
  readonly product: string;
  readonly pack: string;
}

/** The scenes of a phase; kills take them in turn. */
export function scenesOf(phase: Phase, material: Material): Scene[] {
  switch (phase) {
    case 'init':
      return [making()];
    case 'import':
      return [importing(material.product)];
    case 'train':
      return [training(material.pack, 'whole', []), training(material.pack, 'adapters', ['--adapters', '2'])];
    case 'generate':
      return [
        ...(['paste', 'windows', 'seas', 'blend'] as const).map((g) => generating(g)),
        generating('normal'),
      ];
    case 'review':
      return [
        reviewing('all', ['--rule', 'accept:all']),
        reviewing('again', ['--rule', 'reject:all', '--again']),
      ];
    case 'export':
      return [exporting('mvtec'), exporting('coco')];
  }
}

const on = (trial: string, ...args: string[]): string[] => [...args, '--workspace', join(trial, WORKSPACE)];

function making(): Scene {
  const command = (trial: string) => on(trial, 'init');
  return {
    phase: 'init',
    name: 'init',
    command,
    goOn: (_, trial) => command(trial),
    outcome: ({ db }) => listAudit(db).map(({ event }) => event),
  };
}

function importing(product: string): Scene {
  const command = (trial: string) => on(trial, 'import', product);
  const outcome = ({ db }: ReadableWorkspace) =>
    listProducts(db).flatMap((p) =>
      listImages(db, p.id).map(({ id: _, productId: _p, typeId: _t, createdAt: _c, ...facts }) => facts),
    );
  return {
    phase: 'import',
    name: 'import',
    command,
    goOn: (workspace, trial) => (outcome(workspace).length > 0 ? null : command(trial)),
    outcome,
  };
}

/** The run of the killed command decides: it can be resumed, it is done, or it was never stored. */
function resumed(kind: 'train' | 'generate', command: (trial: string) => string[]): Scene['goOn'] {
  return ({ db }, trial) => {
    const run = listRuns(db).findLast((candidate) => candidate.kind === kind);
    if (run === undefined) return command(trial);
    return isResumable(run.state) ? on(trial, kind, '--resume', run.id) : null;
  };
}

function training(pack: string, name: string, more: readonly string[]): Scene {
  const args = ['--preset', 'quick', '--steps', '4', '--shots', '3', '--pack', pack, ...more];
  const command = (trial: string) => on(trial, 'train', ...args);
  return {
    phase: 'train',
    name,
    command,
    goOn: resumed('train', command),
    outcome({ db }) {
      const set = latestTokenSet(db, listProducts(db)[0].id);
      const [run] = listRuns(db);
      return {
        files: set?.files,
        config: set?.config,
        state: run.state.state,
        outcome: summaryOf(run.state),
      };
    },
  };
}

const summaryOf = (state: { state: string; outcome?: { summary?: unknown } }) => state.outcome?.summary;

function generating(generator: string): Scene {
  const typed = generator === 'normal' ? [] : ['--type', 'spot'];
  const command = (trial: string) =>
    on(trial, 'generate', '--generator', generator, '--count', '6', '--seed', '7', ...typed);
  return {
    phase: 'generate',
    name: generator,
    command,
    goOn: resumed('generate', command),
    outcome({ db }) {
      const run = listRuns(db).at(-1)!;
      const pictures = listGenerations(db, { runId: run.id });
      return pictures.map(({ index, imageBlob, maskBlob, recipeHash, checks, flags, window }) => {
        return { index, imageBlob, maskBlob, recipeHash, checks, flags, window };
      });
    },
  };
}

function reviewing(name: string, args: readonly string[]): Scene {
  const command = (trial: string) => on(trial, 'review', ...args);
  const outcome = ({ db }: ReadableWorkspace) =>
    listGenerations(db).map(({ id, status }) => ({ id, status }));
  const wanted = name === 'all' ? 'accepted' : 'rejected';
  return {
    phase: 'review',
    name,
    command,
    goOn: (workspace, trial) =>
      outcome(workspace).every((p) => p.status === wanted) ? null : command(trial),
    outcome,
  };
}

function exporting(format: string): Scene {
  const command = (trial: string) => on(trial, 'export', '--format', format, '--out', join(trial, EXPORTED));
  return {
    phase: 'export',
    name: format,
    command,
    goOn: (_, trial) => (existsSync(join(trial, EXPORTED)) ? null : command(trial)),
    outcome: ({ db }, trial) => ({
      files: hashesBelow(join(trial, EXPORTED)),
      // What was cut off after the last file and before its record is recorded without what reading back told.
      known: listExports(db).map(({ format: f, summary: { generated, real, files: count, bytes } }) => {
        return { format: f, generated, real, count, bytes };
      }),
    }),
  };
}

function hashesBelow(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const pairs = files.map((e): [string, string] => {
    const path = join(e.parentPath, e.name);
    return [path.slice(folder.length + 1), sha256(readFileSync(path))];
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
