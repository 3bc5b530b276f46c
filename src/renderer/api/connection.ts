// The window's connection: the host's state as it changes, a client for the host, a client for the engine that
// survives the engine's restarts, and the jobs that run.

import { createORPCClient } from '@orpc/client';
import type { FlawsmithClient } from '../../contract/contract.ts';
import type { HostClient, HostState } from '../../contract/host/host-contract.ts';
import type { JobInfo } from '../../contract/methods/jobs.ts';
import { AppError } from '../../core/base/errors.ts';
import { LastingLink } from './lasting-link.ts';
import { createStore, type Store } from './store.ts';
import type { Transport } from './transport.ts';

export interface Connection {
  readonly engine: FlawsmithClient;
  readonly host: HostClient;
  /** Null before the first word of the host, and after its last. */
  readonly state: Store<HostState | null>;
  /** Newest first. */
  readonly jobs: Store<readonly JobInfo[]>;
  /** Whether the host answers. */
  readonly hostThere: Store<boolean>;
  readonly transport: Transport;
}

const RETRY_MS = 1000;

export function openConnection(transport: Transport): Connection {
  const engineLink = new LastingLink(
    () =>
      new AppError('runtime', 'the engine was restarted; nothing that was saved is lost', {
        hint: 'Try again.',
      }),
  );
  const hostLink = new LastingLink(() => new AppError('runtime', 'Flawsmith has been stopped'));
  const connection: Connection = {
    engine: createORPCClient(engineLink),
    host: createORPCClient(hostLink),
    state: createStore<HostState | null>(null),
    jobs: createStore<readonly JobInfo[]>([]),
    hostThere: createStore(false),
    transport,
  };
  void keepHost(connection, hostLink);
  keepEngine(connection, engineLink);
  return connection;
}

/** Connects to the host, watches it, and does so again whenever it went away. */
async function keepHost(connection: Connection, link: LastingLink): Promise<void> {
  for (;;) {
    try {
      link.connect(await connection.transport.open('host', () => link.disconnect()));
      for await (const state of await connection.host.watch({})) {
        connection.hostThere.set(true);
        connection.state.set(state);
      }
    } catch {
      // Not there, or gone: the next round tells.
    }
    link.disconnect();
    connection.hostThere.set(false);
    await pause(RETRY_MS);
  }
}

/** Opens a port for every engine process that gets ready. */
function keepEngine(connection: Connection, link: LastingLink): void {
  let generation = -1;
  const follow = (): void => {
    const state = connection.state.get();
    if (state === null || !connection.hostThere.get()) return;
    if (state.engine !== 'ready') {
      generation = -1;
      link.disconnect(refusalOf(state));
      if (state.engine === 'none') connection.jobs.set([]);
    } else if (state.generation !== generation) {
      generation = state.generation;
      link.disconnect();
      void connect(state.generation);
    }
  };
  const connect = async (asked: number): Promise<void> => {
    try {
      const opened = await connection.transport.open('engine', () => {
        if (generation !== asked) return;
        link.disconnect();
        generation = -1;
        setTimeout(follow, RETRY_MS / 4);
      });
      if (generation !== asked) return opened.close();
      link.connect(opened);
      void watchJobs(connection, () => generation === asked);
    } catch {
      if (generation === asked) generation = -1;
      setTimeout(follow, RETRY_MS / 4);
    }
  };
  connection.state.subscribe(follow);
  connection.hostThere.subscribe(follow);
}

function refusalOf({ engine, error }: HostState): AppError | null {
  if (engine === 'none') return new AppError('runtime', 'no workspace is open');
  if (engine !== 'failed') return null;
  return new AppError(error?.code ?? 'runtime', error?.message ?? 'the engine does not start', {
    ...(error?.hint && { hint: error.hint }),
  });
}

async function watchJobs(connection: Connection, current: () => boolean): Promise<void> {
  try {
    for await (const { jobs, complete } of await connection.engine.jobs.watch({})) {
      if (!current()) return;
      connection.jobs.set((known) => (complete ? jobs : merged(known, jobs)));
    }
  } catch {
    // The engine went away; its successor is watched anew.
  }
}

function merged(known: readonly JobInfo[], changed: readonly JobInfo[]): JobInfo[] {
  const byId = new Map([...known, ...changed].map((job) => [job.id, job]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
