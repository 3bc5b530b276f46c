// What a window asks of the host around the engine: which workspace is open, folders to choose from, how the engine is.

import { type ContractRouterClient, eventIterator, oc } from '@orpc/contract';
import * as z from 'zod';
import { plainErrorSchema } from '../errors.ts';
import { name, path } from '../fields.ts';

export const ENGINE_STATES = ['none', 'starting', 'ready', 'restarting', 'failed'] as const;

const hostState = z.strictObject({
  /** `none`: no workspace is open. */
  engine: z.enum(ENGINE_STATES),
  /** Rises with every engine process. */
  generation: z.int(),
  workspace: z.strictObject({ folder: z.string(), name: z.string() }).nullable(),
  /** Why there is no engine, where it failed. */
  error: plainErrorSchema.nullable(),
  /** Requests that would have left this PC, all of them refused. */
  requestsBlocked: z.int(),
  /** Windows that show this workspace. */
  windows: z.int(),
});
export type HostState = z.infer<typeof hostState>;

const settings = z.strictObject({
  theme: z.enum(['system', 'dark', 'light']),
  language: z.enum(['system', 'en', 'de']),
});
export type HostSettings = z.infer<typeof settings>;

const entry = z.strictObject({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'workspace', 'file']),
});
export type FolderEntry = z.infer<typeof entry>;

export const hostContract = {
  /** The state now and whenever it changes. */
  watch: oc.input(z.strictObject({})).output(eventIterator(hostState)),
  about: oc.input(z.strictObject({})).output(
    z.strictObject({
      version: z.string(),
      /** Where the window can show the system's own dialogs. */
      nativeDialogs: z.boolean(),
      canReveal: z.boolean(),
    }),
  ),
  settings: {
    get: oc.input(z.strictObject({})).output(settings),
    put: oc.input(settings.partial()).output(settings),
  },
  workspaces: {
    /** Newest first, only those that are still there; and where a new one would go. */
    recent: oc.input(z.strictObject({})).output(
      z.strictObject({
        workspaces: z.array(z.strictObject({ folder: z.string(), name: z.string(), openedAt: z.int() })),
        suggestedFolder: z.string(),
      }),
    ),
    /** Opens, or makes, a workspace; resolves when the engine answers for it. */
    open: oc.input(z.strictObject({ folder: path, create: z.boolean() })).output(z.strictObject({})),
    close: oc.input(z.strictObject({})).output(z.strictObject({})),
  },
  folders: {
    /** What lies in a folder (without one, in the user's): folders, and files with one of the endings. */
    list: oc
      .input(
        z.strictObject({
          folder: path.optional(),
          endings: z
            .array(z.string().regex(/^\.\w{1,20}$/))
            .max(20)
            .default([]),
        }),
      )
      .output(
        z.strictObject({
          folder: z.string(),
          parent: z.string().nullable(),
          /** Files of the folder that are pictures. */
          pictures: z.int(),
          entries: z.array(entry),
          /** There is more than is shown. */
          cut: z.boolean(),
          /** Where to begin: the user's folder, the drives. */
          roots: z.array(z.strictObject({ name: z.string(), path: z.string() })),
        }),
      ),
    create: oc.input(z.strictObject({ parent: path, name })).output(z.strictObject({ path: z.string() })),
    /** The system's dialog, where there is one; null where the user chose nothing. */
    pick: oc
      .input(
        z.strictObject({
          what: z.enum(['folder', 'file', 'new-file']),
          title: z.string().max(200),
          start: path.optional(),
          endings: z
            .array(z.string().regex(/^\.\w{1,20}$/))
            .max(20)
            .default([]),
        }),
      )
      .output(z.strictObject({ path: z.string().nullable() })),
    /** Shows a file or folder in the system's file manager. */
    reveal: oc.input(z.strictObject({ path })).output(z.strictObject({})),
  },
};

export type HostContract = typeof hostContract;
export type HostClient = ContractRouterClient<HostContract>;
