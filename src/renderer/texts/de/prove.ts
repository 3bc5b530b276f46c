// Wörter der Station Beweisen.

import type { Texts } from '../index.ts';

export const prove: Texts['prove'] = {
  title: 'Beweisen',
  purpose: 'Messen, ob die neuen Bilder einem Prüfmodell helfen.',
  coming: 'Diese Station wird gerade gebaut.',
};
