// workspace.init: makes the folder a workspace.

import { AppError } from '../../core/base/errors.ts';
import type { EngineContext } from '../engine-context.ts';
import { isWorkspace } from '../workspace.ts';

/** A workspace that is there already is only checked to be readable; one whose making was cut off is completed. */
export async function initWorkspace(context: EngineContext): Promise<{ folder: string; created: boolean }> {
  if (isWorkspace(context.folder)) {
    try {
      return await context.reading((workspace) => ({ folder: workspace.folder, created: false }));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'not-found')) throw error;
    }
  }
  const workspace = await context.writable({ create: true });
  return { folder: workspace.folder, created: true };
}
