// Remarks at the edge of the window: errors stay until they are closed, the rest goes by itself.

import { createStore, useStore } from '../api/store.ts';
import { useTexts } from '../texts/index.ts';
import { Button, IconButton } from './button.tsx';
import { ErrorWords, isCancelled } from './error-note.tsx';
import { ICONS } from './icon.tsx';

export interface ToastAction {
  label: string;
  run(): void;
}

type Toast = { id: number; action?: ToastAction } & ({ text: string } | { error: unknown });

const SHOWN_MS = 6000;
const MOST = 4;
const toasts = createStore<readonly Toast[]>([]);
let last = 0;

export function toast(given: { text: string; action?: ToastAction }): void {
  const id = add(given);
  setTimeout(() => remove(id), SHOWN_MS);
}

/** What was stopped on request is no error. */
export function showError(error: unknown): void {
  if (!isCancelled(error)) add({ error });
}

function add(given: { text: string; action?: ToastAction } | { error: unknown }): number {
  const id = ++last;
  toasts.set((now) => [...now.slice(-MOST + 1), { ...given, id }]);
  return id;
}

function remove(id: number): void {
  toasts.set((now) => now.filter((entry) => entry.id !== id));
}

export function Toasts() {
  const t = useTexts('common');
  return (
    <section className="toasts" aria-label={t.remarks} aria-live="polite">
      {useStore(toasts).map((entry) => (
        <div key={entry.id} className={'error' in entry ? 'toast bad' : 'toast'}>
          {'error' in entry ? <ErrorWords error={entry.error} /> : <div className="grow">{entry.text}</div>}
          {entry.action && (
            <Button
              onClick={() => {
                remove(entry.id);
                entry.action?.run();
              }}
            >
              {entry.action.label}
            </Button>
          )}
          <IconButton icon={ICONS.close} label={t.close} look="quiet" onClick={() => remove(entry.id)} />
        </div>
      ))}
    </section>
  );
}
