// Wörter des Rahmens.

import type { Texts } from '../index.ts';

export const app: Texts['app'] = {
  stations: 'Stationen',
  skip: 'Zum Inhalt',
  product: 'Produkt',
  noProduct: 'Noch kein Produkt',
  counts: { pictures: 'Bilder', labelled: 'Markiert', learned: 'Tokensätze', accepted: 'Angenommen' },
  next: (station) => `Weiter: ${station}`,
  keys: 'Tasten',
  settings: 'Einstellungen',
  theme: 'Helligkeit',
  themes: { system: 'Wie das System', dark: 'Dunkel', light: 'Hell' },
  language: 'Sprache',
  languages: { system: 'Wie das System', en: 'English', de: 'Deutsch' },
  workspace: 'Arbeitsbereich',
  closeWorkspace: 'Arbeitsbereich schließen',
  frame: 'Überall',
  goTo: (station) => `Zu ${station}`,
  undo: 'Letzten Schritt rückgängig machen',
  redo: 'Wiederholen',
  undone: (what) => `Rückgängig gemacht: ${what}`,
  redone: (what) => `Wiederholt: ${what}`,
  nothingToUndo: 'Hier gibt es nichts rückgängig zu machen.',
  jobs: 'Aufträge',
  noJobs: 'Es läuft nichts',
  jobNames: {
    'datasets.import': 'Import',
    'datasets.sample': 'Beispielprodukt',
    'training.train': 'Anlernen',
    'generation.generate': 'Erzeugen',
    'generation.recreate': 'Noch einmal erzeugen',
    'generation.replace': 'Neues Bild',
    'exports.export': 'Export',
    'exports.verify': 'Prüfen',
    'packs.add': 'Grundmodell aufnehmen',
    'packs.sample': 'Probe eines Grundmodells',
    'weights.export': 'Gewichte exportieren',
    'workspace.doctor': 'Arbeitsbereich prüfen',
    'workspace.backup': 'Sicherung',
    'workspace.restore': 'Wiederherstellung',
    'demo.run': 'Vorführung',
  },
  phases: {
    verify: 'Vergleichen',
    paused: 'angehalten',
    render: 'Zeichnen',
    read: 'Lesen',
    store: 'Speichern',
    write: 'Schreiben',
    check: 'Prüfen',
    train: 'Lernen',
    sample: 'Bilder erzeugen',
  },
  states: {
    running: 'läuft',
    stopping: 'hält nach diesem Schritt',
    done: 'fertig',
    stopped: 'angehalten',
    failed: 'fehlgeschlagen',
  },
  pause: 'Anhalten',
  stop: 'Abbrechen',
  resume: 'Fortsetzen',
  dismiss: 'Ausblenden',
  left: (time) => `noch ${time}`,
  ofTotal: (done, total) => `${done} von ${total}`,
  interruptedRuns: (n) =>
    n === 1
      ? '1 Lauf wurde unterbrochen und kann weitergehen'
      : `${n} Läufe wurden unterbrochen und können weitergehen`,
  requests: (n) =>
    n === 0
      ? '0 Anfragen haben diesen PC verlassen'
      : `0 Anfragen haben diesen PC verlassen (${n} abgelehnt)`,
  restarting:
    'Das Rechenwerk wird neu gestartet. Was gemalt, angenommen oder gespeichert wurde, bleibt erhalten.',
  failed: 'Das Rechenwerk startet nicht.',
  openAgain: 'Noch einmal öffnen',
  starting: 'Arbeitsbereich wird geöffnet …',
  hostGone: 'Flawsmith wurde beendet. Starten Sie es neu; diese Seite verbindet sich dann von selbst.',
  windows: (n) =>
    `Dieser Arbeitsbereich ist in ${n} Fenstern offen. Sie zeigen dieselben Bilder; arbeiten Sie in einem davon.`,
  stationFailed:
    'Diese Station ist durch einen Fehler von uns stehen geblieben. Ihre Arbeit bleibt erhalten.',
  loadAgain: 'Neu laden',
};
