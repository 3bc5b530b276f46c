// Wörter der gemeinsamen Bausteine.

import type { Texts } from '../index.ts';

export const common: Texts['common'] = {
  close: 'Schließen',
  cancel: 'Abbrechen',
  choose: 'Wählen',
  create: 'Anlegen',
  tryAgain: 'Noch einmal',
  undo: 'Rückgängig',
  remarks: 'Hinweise',
  pictureLost: 'nicht darstellbar',
  zoom: 'Vergrößerung',
  zoomIn: 'Größer',
  zoomOut: 'Kleiner',
  zoomFit: 'Ganzes Bild',
  newFolder: 'Neuer Ordner',
  nameOfNewFolder: 'Name des neuen Ordners',
  chooseThisFolder: 'Diesen Ordner wählen',
  picturesHere: (n) => (n === 1 ? '1 Bild in diesem Ordner' : `${n} Bilder in diesem Ordner`),
  places: 'Orte',
  home: 'Persönlicher Ordner',
  parentFolder: 'Einen Ordner nach oben',
  folder: 'Ordner',
  content: 'Inhalt des Ordners',
  workspace: 'Arbeitsbereich',
  emptyFolder: 'Hier sind keine Ordner.',
  name: 'Name',
  secondsLeft: (text) => `noch ${text}`,
};
