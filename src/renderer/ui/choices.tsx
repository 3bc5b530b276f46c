// One of a few: as a row of buttons, or as tabs over a panel. Arrows move, one stop for Tab.

import type { KeyboardEvent, ReactNode } from 'react';

export interface Choice<V extends string> {
  value: V;
  label: ReactNode;
}

interface Common<V extends string> {
  /** Read out for the whole. */
  label: string;
  value: V;
  options: readonly Choice<V>[];
  onValue(value: V): void;
}

export function Segmented<V extends string>({ label, value, options, onValue }: Common<V>) {
  return (
    <div
      className="segmented"
      role="radiogroup"
      aria-label={label}
      onKeyDown={moving(value, options, onValue)}
    >
      {options.map((option) => (
        // biome-ignore lint/a11y/useSemanticElements: radio inputs cannot hold a drawing and be one segment
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onValue(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

export interface TabsProps<V extends string> extends Common<V> {
  children: ReactNode;
}

export function Tabs<V extends string>({ label, value, options, onValue, children }: TabsProps<V>) {
  const id = (v: string, part: string): string => `tab-${label.replace(/\W+/g, '-')}-${v}-${part}`;
  return (
    <div className="stack">
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={moving(value, options, onValue)}>
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            role="tab"
            id={id(option.value, 'tab')}
            aria-selected={option.value === value}
            aria-controls={id(value, 'panel')}
            tabIndex={option.value === value ? 0 : -1}
            onClick={() => onValue(option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={id(value, 'panel')} aria-labelledby={id(value, 'tab')}>
        {children}
      </div>
    </div>
  );
}

function moving<V extends string>(value: V, options: readonly Choice<V>[], onValue: (value: V) => void) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    onValue(options[next].value);
    (event.currentTarget.children[next] as HTMLElement | undefined)?.focus();
  };
}
