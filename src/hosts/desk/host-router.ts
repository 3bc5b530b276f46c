// The host's own methods as an exhaustive record over their contract.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/bun-ws';
import { toWireError } from '../../contract/errors.ts';
import { hostContract } from '../../contract/host/host-contract.ts';
import { AppError } from '../../core/base/errors.ts';
import { ENGINE_VERSION } from '../../engine/version.ts';
import { isWorkspace } from '../../engine/workspace-files.ts';
import type { Desk } from './desk.ts';
import { createFolder, listFolder } from './folders.ts';

/** Takes the messages of the windows' host channels, one peer per window. */
export function createHostHandler(desk: Desk) {
  return new RPCHandler(createHostRouter(desk));
}

function createHostRouter(desk: Desk) {
  const os = implement(hostContract);
  return os.router({
    watch: os.watch.handler(({ signal }) => desk.watch(signal ?? new AbortController().signal)),
    about: os.about.handler(() => ({
      version: ENGINE_VERSION,
      nativeDialogs: desk.platform.nativeDialogs,
      canReveal: desk.platform.reveal !== null,
    })),
    settings: {
      get: os.settings.get.handler(() => desk.files.settings),
      put: os.settings.put.handler(({ input }) => answer(() => desk.files.put(input))),
    },
    workspaces: {
      recent: os.workspaces.recent.handler(() => recent(desk)),
      open: os.workspaces.open.handler(({ input }) =>
        answer(async () => {
          absolute(input.folder);
          await desk.open(input.folder, input.create);
          return {};
        }),
      ),
      close: os.workspaces.close.handler(() =>
        answer(async () => {
          await desk.close();
          return {};
        }),
      ),
    },
    folders: {
      list: os.folders.list.handler(({ input }) => answer(() => listFolder(input.folder, input.endings))),
      create: os.folders.create.handler(({ input }) => answer(() => createFolder(input.parent, input.name))),
      pick: os.folders.pick.handler(({ input }) =>
        answer(async () => ({ path: await desk.platform.pick(input) })),
      ),
      reveal: os.folders.reveal.handler(({ input }) =>
        answer(async () => {
          absolute(input.path);
          if (desk.platform.reveal === null)
            throw new AppError('unsupported', 'this window cannot show a file manager', { file: input.path });
          desk.platform.reveal(input.path);
          return {};
        }),
      ),
    },
  });
}

function recent(desk: Desk) {
  const there = desk.files.recent.filter(({ folder }) => isWorkspace(folder));
  return {
    workspaces: there.map(({ folder, openedAt }) => ({ folder, name: basename(folder), openedAt })),
    suggestedFolder: freeFolder(join(documents(), 'Flawsmith')),
  };
}

function documents(): string {
  const folder = join(homedir(), 'Documents');
  return existsSync(folder) ? folder : homedir();
}

/** NAME, NAME 2, NAME 3, ...: the first that does not exist. */
function freeFolder(folder: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? folder : `${folder} ${n}`;
    if (!existsSync(candidate)) return candidate;
  }
}

function absolute(path: string): void {
  if (isAbsolute(path)) return;
  throw new AppError('usage', 'a folder is named by its whole path', { file: path });
}

async function answer<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw toWireError(error);
  }
}
