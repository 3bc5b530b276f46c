// Wörter der ersten Seite.

import type { Texts } from '../index.ts';

export const start: Texts['start'] = {
  title: 'Flawsmith',
  lead: 'Macht aus wenigen Fehlerfotos viele, mit genauen Masken. Alles bleibt auf diesem PC.',
  sample: 'Mit dem Beispielprodukt ausprobieren',
  sampleAbout:
    'Legt einen Arbeitsbereich mit 58 Bildern eines gezeichneten Metallteils an. Von dort bis zum fertigen Datensatz dauert es etwa eine Viertelstunde.',
  create: 'Neuer Arbeitsbereich',
  createAbout:
    'Ein Ordner für Ihre Bilder, Markierungen, Modelle und Ergebnisse. Wer den Ordner verschiebt, verschiebt alles.',
  open: 'Arbeitsbereich öffnen',
  openAbout: 'Ein Ordner, der früher mit Flawsmith angelegt wurde.',
  recent: 'Zuletzt geöffnet',
  pickNew: 'Wohin soll der neue Arbeitsbereich?',
  pickOpen: 'Welcher Arbeitsbereich?',
  newName: 'Flawsmith',
  opening: 'Wird geöffnet …',
  notOne: 'Dieser Ordner ist kein Arbeitsbereich.',
};
