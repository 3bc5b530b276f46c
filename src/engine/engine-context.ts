// What every handler works with: the services, the clock, and one workspace that is opened when it is first needed.

import type { Clock } from './ids.ts';
import { JobBoard } from './jobs/job-board.ts';
import { DeviceTurn } from './runs/device-turn.ts';
import type { Services } from './services.ts';
import {
  isWorkspace,
  openWorkspace,
  openWorkspaceForReading,
  type ReadableWorkspace,
  type Workspace,
} from './workspace.ts';

export interface EngineContext {
  readonly folder: string;
  readonly clock: Clock;
  readonly services: Services;
  /** Runs wait here for the device. */
  readonly device: DeviceTurn;
  /** Long work that outlives its caller. */
  readonly jobs: JobBoard;
  /** The workspace for writing: locked at first use, kept until the engine closes. */
  writable(options?: { create?: boolean }): Promise<Workspace>;
  /** Reads the workspace; takes no lock, so it works beside another writer. */
  reading<T>(work: (workspace: ReadableWorkspace) => T | Promise<T>): Promise<T>;
  /** Where a workspace keeps its packs; null where there is no workspace yet. */
  packsFolder(): Promise<string | null>;
  /** The same engine on another workspace; whoever asks closes it. */
  forFolder(folder: string): EngineContext;
  close(): Promise<void>;
}

/** A context for one folder; nothing is opened yet. */
export function createContext(
  folder: string,
  clock: Clock,
  services: Services,
  device = new DeviceTurn(),
): EngineContext {
  let open: Promise<Workspace> | null = null;
  return {
    folder,
    clock,
    services,
    device,
    jobs: new JobBoard(clock),
    writable(options = {}) {
      open ??= openWorkspace(folder, { clock, create: options.create }).catch((error) => {
        open = null;
        throw error;
      });
      return open;
    },
    async reading(work) {
      if (open !== null) return work(await open);
      const workspace = openWorkspaceForReading(folder);
      try {
        return await work(workspace);
      } finally {
        workspace.close();
      }
    },
    async packsFolder() {
      if (open !== null) return (await open).packsFolder;
      if (!isWorkspace(folder)) return null;
      return this.reading((workspace) => workspace.packsFolder);
    },
    forFolder: (other) => createContext(other, clock, services, device),
    async close() {
      if (open !== null) (await open.catch(() => null))?.close();
      open = null;
    },
  };
}
