// The window's words by area and language. English gives the shape; another language is a folder of the same files.

import { createStore, useStore } from '../api/store.ts';
import { de } from './de/index.ts';
import { en } from './en/index.ts';

export const LANGUAGES = { en, de };
export type Language = keyof typeof LANGUAGES;
export type Texts = typeof en;

const language = createStore<Language>('en');

/** `system` takes the browser's language where we speak it. */
export function setLanguage(choice: Language | 'system'): void {
  const next = choice === 'system' ? fromSystem() : choice;
  document.documentElement.lang = next;
  language.set(next);
}

export function useLanguage(): Language {
  return useStore(language);
}

export function useTexts<Area extends keyof Texts>(area: Area): Texts[Area] {
  return LANGUAGES[useStore(language)][area] as Texts[Area];
}

function fromSystem(): Language {
  const found = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES);
  return (found as Language | undefined) ?? 'en';
}
