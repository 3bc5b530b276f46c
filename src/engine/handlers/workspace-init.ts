// workspace.init: makes the folder a workspace.

import type { EngineContext } from '../engine-context.ts';
import { isWorkspace } from '../workspace.ts';

/** A workspace that is there already is only checked to be readable. */
export async function initWorkspace(context: EngineContext): Promise<{ folder: string; created: boolean }> {
  if (isWorkspace(context.folder)) {
    return context.reading((workspace) => ({ folder: workspace.folder, created: false }));
  }
  const workspace = await context.writable({ create: true });
  return { folder: workspace.folder, created: true };
}
