// Wörter der Station Anlernen.

import type { Texts } from '../index.ts';

export const fineTune: Texts['fine-tune'] = {
  title: 'Anlernen',
  purpose: 'Das Modell lernt Ihre Fehler aus wenigen Bildern.',
  coming: 'Diese Station wird gerade gebaut.',
};
