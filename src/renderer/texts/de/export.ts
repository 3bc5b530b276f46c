// Wörter der Station Mitnehmen.

import type { Texts } from '../index.ts';

export const exportTexts: Texts['export'] = {
  title: 'Mitnehmen',
  purpose: 'Den Datensatz geprüft mitnehmen.',
  coming: 'Diese Station wird gerade gebaut.',
};
