// A station's name in the language of the window.

import { useCallback } from 'react';
import type { StationId } from '../stations/station.ts';
import { LANGUAGES, useLanguage } from '../texts/index.ts';

export function useStationNames(): (id: StationId) => string {
  const language = useLanguage();
  return useCallback((id) => LANGUAGES[language][id].title, [language]);
}
