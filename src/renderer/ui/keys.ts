// Which keys do what: every component that is on screen says its own, one listener serves all, and the ? sheet lists them.

import { useEffect, useRef } from 'react';
import { createStore, useStore } from '../api/store.ts';

export interface KeyAction {
  /** As the user sees it: `A`, `Mod+Z`, `Space`, `ArrowLeft`, `[`. Several are separated by spaces. */
  keys: string;
  title: string;
  run(event: KeyboardEvent): void;
}

export interface KeyGroup {
  readonly title: string;
  readonly actions: readonly KeyAction[];
}

interface Entry extends KeyGroup {
  readonly inDialogs: boolean;
}

const entries = createStore<readonly Entry[]>([]);
const isMac = /mac/i.test(navigator.platform);

/** The newest component's keys win. `inDialogs` keeps them on while a dialog is open. */
export function useKeys(
  title: string,
  actions: readonly KeyAction[],
  { enabled = true, inDialogs = false }: { enabled?: boolean; inDialogs?: boolean } = {},
): void {
  const newest = useRef(actions);
  newest.current = actions;
  const shape = actions.map(({ keys, title: what }) => `${keys}=${what}`).join('\n');
  useEffect(() => {
    if (!enabled || shape === '') return;
    const held = newest.current.map((action, i) => ({
      keys: action.keys,
      title: action.title,
      run: (event: KeyboardEvent) => newest.current[i]?.run(event),
    }));
    const entry: Entry = { title, actions: held, inDialogs };
    entries.set((now) => [...now, entry]);
    return () => entries.set((now) => now.filter((other) => other !== entry));
  }, [title, shape, enabled, inDialogs]);
}

/** All keys that are on, by group, in the order they came. */
export function useKeyGroups(): KeyGroup[] {
  const on = useStore(entries);
  const byTitle = new Map<string, KeyAction[]>();
  for (const { title, actions } of on) byTitle.set(title, [...(byTitle.get(title) ?? []), ...actions]);
  return [...byTitle].map(([title, actions]) => ({ title, actions }));
}

/** Begins to listen; called once. */
export function listenToKeys(): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = isText(event.target);
    const dialog = document.querySelector('dialog[open]') !== null;
    for (const entry of [...entries.get()].reverse()) {
      if (dialog && !entry.inDialogs) continue;
      const action = entry.actions.find(({ keys }) => keys.split(' ').some((key) => matches(key, event)));
      if (action === undefined || (typing && !event.ctrlKey && !event.metaKey && !event.altKey)) continue;
      if (isNative(event)) return;
      event.preventDefault();
      action.run(event);
      return;
    }
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}

export function matches(key: string, event: KeyboardEvent): boolean {
  const parts = key === '+' ? ['+'] : key.split('+');
  const name = parts.at(-1)!;
  const mod = parts.includes('Mod');
  const [wantsCtrl, wantsMeta] = isMac ? [false, mod] : [mod, false];
  if (event.ctrlKey !== wantsCtrl || event.metaKey !== wantsMeta) return false;
  if (event.altKey !== parts.includes('Alt')) return false;
  if (parts.includes('Shift') && !event.shiftKey) return false;
  if (name === 'Space') return event.code === 'Space' && event.shiftKey === parts.includes('Shift');
  if (/^[A-Za-z]$/.test(name))
    return event.key.toLowerCase() === name.toLowerCase() && event.shiftKey === parts.includes('Shift');
  if (/^[0-9]$/.test(name)) return event.key === name || event.code === `Digit${name}`;
  return event.key === name;
}

/** A key as it is printed on a keyboard. */
export function shownKey(key: string): string {
  const names: Record<string, string> = {
    Mod: isMac ? '⌘' : 'Ctrl',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
  };
  const parts = key === '+' ? ['+'] : key.split('+');
  return parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+');
}

/** Keys that the focused control has its own use for. */
function isNative(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (event.key === 'Enter' || event.code === 'Space')
    return !event.ctrlKey && !event.metaKey && target.matches('button, a, summary, [role=option]');
  if (event.key.startsWith('Arrow'))
    return target.matches('input[type=range], select, [role=radio], [role=tab], [role=listbox]');
  if (event.key.length === 1) return target.matches('select');
  return false;
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea')) return true;
  return target.matches('input:not([type=checkbox], [type=radio], [type=range], [type=button])');
}
