// Brightness and language as the user has set them.

import { useEffect } from 'react';
import { useQuery } from '../api/use-query.ts';
import { setLanguage } from '../texts/index.ts';

export function useAppearance(): void {
  const { data } = useQuery(['settings'], ({ host, signal }) => host.settings.get({}, { signal }));
  useEffect(() => setLanguage(data?.language ?? 'system'), [data?.language]);
  useEffect(() => {
    const light = window.matchMedia('(prefers-color-scheme: light)');
    const apply = (): void => {
      const choice = data?.theme ?? 'system';
      document.documentElement.dataset.theme =
        choice === 'system' ? (light.matches ? 'light' : 'dark') : choice;
    };
    apply();
    light.addEventListener('change', apply);
    return () => light.removeEventListener('change', apply);
  }, [data?.theme]);
}
