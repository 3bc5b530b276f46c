// Wörter des Malwerkzeugs für einzelne Masken.

import type { Texts } from '../index.ts';

export const painter: Texts['painter'] = {
  keys: 'Malen',
  bar: 'Malwerkzeuge',
  tools: { brush: 'Pinsel', eraser: 'Radierer', box: 'Rechteck' },
  size: 'Größe',
  smaller: 'Pinsel kleiner',
  larger: 'Pinsel größer',
  undo: 'Rückgängig',
  redo: 'Wiederholen',
  clear: 'Leeren',
};
