// Wörter des Fensters der Grundmodelle.

import type { Texts } from '../index.ts';

const gigabytes = (bytes: number): string =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1).replace('.', ',')} GB`
    : `${Math.max(1, Math.round(bytes / 1e6))} MB`;

export const packs: Texts['packs'] = {
  title: 'Grundmodelle',
  open: 'Grundmodelle …',
  lead: 'Modelle, von denen das Anlernen ausgeht. Ein aufgenommenes Modell wird dort gelesen, wo es liegt; nichts wird kopiert.',
  addFolder: 'Ordner aufnehmen …',
  addFile: 'Datei aufnehmen …',
  pickFolder: 'In welchem Ordner liegt das Modell?',
  pickFile: 'Welche Modelldatei?',
  adding: 'Das Modell wird gelesen …',
  reading: 'Wird gelesen …',
  forget: (name) => `${name} vergessen`,
  forgotten: (name, path) => `${name} ist vergessen. Seine Dateien bleiben in ${path}`,
  where: { embedded: 'eingebaut', workspace: 'im Arbeitsbereich', folder: 'aufgenommen' },
  unusable: 'nicht verwendbar',
  windowPack: 'Fenstermodell',
  about: (name) => `Über ${name}`,
  what: 'Was es ist',
  parameters: 'Parameter',
  millions: (n) => `${n.toFixed(n < 10 ? 1 : 0).replace('.', ',')} Millionen`,
  size: 'Arbeitet mit',
  pixels: (n) => `${n} Pixeln`,
  onDisk: 'Auf dem Datenträger',
  toSample: 'Speicher zum Erzeugen',
  toAdapt: 'Speicher zum Anlernen mit Adaptern',
  toTrain: 'Speicher zum vollständigen Anlernen',
  bytes: gigabytes,
  memoryByJob: 'Wie viel Speicher ein Auftrag braucht, sagt „Anlernen“ vor dem Start.',
  assumed: (what) => `Steht nicht in den Dateien und wurde angenommen: ${what}`,
  licence: (title) => `Lizenz: ${title}`,
  notStated: 'nicht angegeben',
  kinds: {
    permissive: 'Erlaubt jede Nutzung, auch die gewerbliche.',
    'use-restricted': 'Erlaubt die gewerbliche Nutzung, verbietet aber bestimmte Verwendungen.',
    'non-commercial':
      'Verbietet die gewerbliche Nutzung. Ein Betrieb, der mit seinen Teilen Geld verdient, braucht ein anderes Modell.',
    'research-only': 'Erlaubt nur Forschung. In der Produktion darf es nicht verwendet werden.',
    'revenue-limited': 'Die gewerbliche Nutzung hängt vom Umsatz Ihres Unternehmens ab. Lesen Sie den Text.',
    'share-alike': 'Was davon abgeleitet ist, muss unter derselben Lizenz weitergegeben werden.',
    unknown:
      'Was sie verbietet, weiß Flawsmith nicht. Lesen Sie sie oder fragen Sie, woher das Modell stammt, bevor Sie es verwenden.',
  },
  forbids: 'Sie verbietet',
  asks: 'Sie verlangt',
  terms: {
    'no-commercial-use': 'gewerbliche Nutzung',
    'research-only': 'jede Nutzung außer Forschung',
    'no-large-companies': 'freie Nutzung durch Unternehmen über einem Umsatz, den der Text nennt',
    'no-unlawful-use': 'rechtswidrige Verwendung',
    'no-harm': 'Menschen zu schaden oder sie auszunutzen, schädigende Falschinformationen',
    'no-discrimination': 'Menschen zu benachteiligen oder nach ihren Eigenschaften zu beurteilen',
    'no-medical-advice': 'medizinische Ratschläge',
    'no-automated-judgement':
      'vollautomatische Entscheidungen über Rechte von Menschen, Verwendung in der Strafverfolgung',
    'pass-restrictions-on':
      'dass jeder, der die Gewichte oder davon abgeleitete erhält, an dieselben Beschränkungen gebunden wird',
    'keep-notice': 'dass Hinweis und Text bei der Weitergabe des Modells mitgehen',
    'same-licence': 'dass abgeleitete Werke dieselbe Lizenz tragen',
  },
  text: 'Text der Lizenz',
  noAdvice: 'Eine Lesehilfe, keine Rechtsberatung.',
};
