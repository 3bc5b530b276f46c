// Folders dropped onto the station, one after the other: by their path, or sent to the host where there is none.

import { type DragEvent, useEffect, useRef, useState } from 'react';
import { entriesOf, readDropped, stageFolder } from '../../api/drop.ts';
import { useConnection, useDroppedPath } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { showError, toast } from '../../ui/index.ts';

/** A folder to be imported; `done` lets go of what was sent for it. */
export interface Source {
  path: string;
  /** As the user knows it. */
  shown: string;
  /** Names that could not be sent. */
  refused: readonly string[];
  done(): void;
}

export interface Sending {
  name: string;
  done: number;
  total: number;
}

export interface Drops {
  /** The folder whose report is on screen. */
  source: Source | null;
  /** Files on their way to the host. */
  sending: Sending | null;
  /** Something is held over the station. */
  over: boolean;
  open(path: string): void;
  /** Lets go of the present source; the next one comes. */
  close(): void;
  cancel(): void;
  handlers: {
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent): void;
    onDrop(event: DragEvent): void;
  };
}

const nothing = (): void => {};

export function useDrop(): Drops {
  const t = useTexts('pictures');
  const pathOf = useDroppedPath();
  const { transport } = useConnection();
  const [sources, setSources] = useState<readonly Source[]>([]);
  const [sending, setSending] = useState<Sending | null>(null);
  const [over, setOver] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const add = (...more: Source[]): void => setSources((now) => [...now, ...more]);

  const send = async (entries: readonly FileSystemEntry[]): Promise<void> => {
    const abort = new AbortController();
    stop.current = abort;
    try {
      setSending({ name: entries.map(({ name }) => name).join(', '), done: 0, total: 0 });
      for (const folder of await readDropped(entries, t.looseFiles, abort.signal)) {
        const progress = (done: number, total: number): void =>
          setSending({ name: folder.name, done, total });
        const { path, refused, remove } = await stageFolder(folder, abort.signal, progress);
        add({ path, shown: folder.name, refused, done: remove });
      }
    } catch (error) {
      if (!abort.signal.aborted) showError(error);
    } finally {
      setSending(null);
      stop.current = null;
    }
  };

  return {
    source: sources[0] ?? null,
    sending,
    over,
    open: (path) => add({ path, shown: path, refused: [], done: nothing }),
    close: () => setSources((now) => now.slice(1)),
    cancel: () => stop.current?.abort(),
    handlers: {
      onDragOver(event) {
        if (![...event.dataTransfer.types].includes('Files')) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      },
      onDragLeave(event) {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop(event) {
        event.preventDefault();
        setOver(false);
        const entries = entriesOf(event.dataTransfer);
        if (entries.length === 0) return;
        if (transport.sendsDrops) {
          if (stop.current === null) void send(entries);
          return;
        }
        const paths = [...event.dataTransfer.files].map(pathOf);
        const folders = paths.filter((path, i) => path !== null && entries[i]?.isDirectory);
        if (folders.length === 0) toast({ text: t.dropFolder });
        add(...folders.map((path) => ({ path: path!, shown: path!, refused: [], done: nothing })));
      },
    },
  };
}
