// What the engine says of a base pack, as the dialog shows it. Packs of different kinds say different things.

import { type LicenceReading, readLicence } from '../../../core/domain/licence-terms.ts';

export interface PackAbout {
  /** In words. */
  what: string;
  parameters: number;
  workingSize: number;
  bytes: number;
  licence: { title: string; text: string | null; file: string | null; reading: LicenceReading };
  /** Bytes; null where they depend on the job alone. */
  memory: { sampling: number; training: number; adapters: number } | null;
  /** What was taken for granted where the files do not say it. */
  assumed: readonly string[];
}

export function aboutPack(details: Readonly<Record<string, unknown>>): PackAbout {
  const { kind, parameters, workingSize, bytes, memory, assumed } = details;
  return {
    what: String(kind ?? ''),
    parameters: Object.values(numbers(parameters)).reduce((sum, n) => sum + n, 0),
    workingSize: Number(workingSize ?? 0),
    bytes: Number(bytes ?? 0),
    licence: licenceOf(details.licence),
    memory: memoryOf(numbers(memory)),
    assumed: Array.isArray(assumed) ? assumed.map(String) : [],
  };
}

function licenceOf(given: unknown): PackAbout['licence'] {
  const { title, text, file } =
    typeof given === 'object' && given !== null
      ? (given as { title?: string; text?: string | null; file?: string | null })
      : { title: String(given ?? ''), text: null, file: null };
  const name = title ?? '';
  return { title: name, text: text ?? null, file: file ?? null, reading: readLicence(name, text ?? null) };
}

function memoryOf(given: Record<string, number>): PackAbout['memory'] {
  const { samplingBytes, trainingBytes, adapterTrainingBytes } = given;
  if (samplingBytes === undefined) return null;
  return { sampling: samplingBytes, training: trainingBytes, adapters: adapterTrainingBytes };
}

function numbers(given: unknown): Record<string, number> {
  return typeof given === 'object' && given !== null ? (given as Record<string, number>) : {};
}
