// workspace.backup and workspace.restore: a whole workspace as one folder or file, and back.

import { resolve, sep } from 'node:path';
import { AppError } from '../../core/base/errors.ts';
import { restoreBackup } from '../backups/restore-backup.ts';
import { writeBackup } from '../backups/write-backup.ts';
import type { EngineContext } from '../engine-context.ts';
import { listUsedPacks } from '../store/packs.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import type { Call } from './call.ts';
import { progressOf } from './progress.ts';

/** Takes no lock: it works beside a run. */
export async function backup(context: EngineContext, input: { out: string }, call: Call) {
  return context.reading(async (workspace) => {
    const out = resolve(input.out);
    if (`${out}${sep}`.startsWith(`${resolve(workspace.folder)}${sep}`)) {
      throw new AppError('usage', 'a backup cannot lie inside its own workspace', {
        file: out,
        hint: 'Choose another folder, best on another drive.',
      });
    }
    for (const name of packsOutside(workspace)) {
      const message = `the base pack "${name}" lies outside the workspace and is not in the backup; keep a copy of it`;
      call.emit({ event: 'log', level: 'warn', message });
    }
    const { files, bytes, manifest } = await writeBackup(workspace, out, {
      signal: call.signal,
      now: context.clock.now(),
      onProgress: phased(call, context),
    });
    return { out, files, bytes, audit: manifest.audit };
  });
}

export async function restore(context: EngineContext, input: { from: string; to: string }, call: Call) {
  const folder = resolve(input.to);
  const { files, bytes, manifest } = await restoreBackup(input.from, folder, {
    signal: call.signal,
    now: context.clock.now(),
    onProgress: phased(call, context),
  });
  return { folder, files, bytes, madeAt: manifest.createdAt, audit: manifest.audit };
}

function packsOutside({ db }: ReadableWorkspace): string[] {
  return listUsedPacks(db)
    .filter((pack) => pack.kind === 'folder')
    .map((pack) => pack.name);
}

function phased(call: Call, { clock }: EngineContext): (phase: string, done: number, total: number) => void {
  const phases = new Map<string, ReturnType<typeof progressOf>>();
  return (phase, done, total) => {
    if (!phases.has(phase)) phases.set(phase, progressOf(call, clock, phase));
    phases.get(phase)!(done, total);
  };
}
