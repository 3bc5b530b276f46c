// What a base model's licence forbids and asks for, read from the name or the text that its files carry. A help for
// reading, no legal advice: what is not recognised is said to be unknown, never to be allowed.

export const LICENCE_KINDS = [
  'permissive',
  'use-restricted',
  'non-commercial',
  'research-only',
  'revenue-limited',
  'share-alike',
  'unknown',
] as const;
export type LicenceKind = (typeof LICENCE_KINDS)[number];

export const LICENCE_TERMS = [
  'no-commercial-use',
  'research-only',
  'no-large-companies',
  'no-unlawful-use',
  'no-harm',
  'no-discrimination',
  'no-medical-advice',
  'no-automated-judgement',
  'pass-restrictions-on',
  'keep-notice',
  'same-licence',
] as const;
export type LicenceTerm = (typeof LICENCE_TERMS)[number];

export interface LicenceReading {
  readonly kind: LicenceKind;
  /** Uses that are ruled out. */
  readonly forbids: readonly LicenceTerm[];
  /** What must be done when the model, or what was made from its weights, is passed on. */
  readonly asks: readonly LicenceTerm[];
}

/** The use-based restrictions of attachment A of the Open RAIL licences. */
const RAIL: readonly LicenceTerm[] = [
  'no-unlawful-use',
  'no-harm',
  'no-discrimination',
  'no-medical-advice',
  'no-automated-judgement',
];

/** The first that fits is taken: a licence that forbids more stands before one that forbids less. */
const KINDS: readonly [RegExp, LicenceReading][] = [
  [
    /non[- ]?commercial research|research[- ](purposes )?only|only for research|academic use only/i,
    { kind: 'research-only', forbids: ['no-commercial-use', 'research-only'], asks: ['keep-notice'] },
  ],
  [
    /\bcc-by-nc\b|creative ?commons.{0,40}non-?commercial|non-?commercial licen[cs]e|non-?commercial use only/i,
    { kind: 'non-commercial', forbids: ['no-commercial-use'], asks: ['keep-notice'] },
  ],
  [
    /stability(\.| )?ai[- ]community|stabilityai-ai-community/i,
    {
      kind: 'revenue-limited',
      forbids: ['no-large-companies', 'no-unlawful-use', 'no-harm'],
      asks: ['keep-notice'],
    },
  ],
  [
    /open ?rail|\brail(\+\+)?-m\b|attachment a\b.{0,200}use restrictions|use-based restrictions/is,
    { kind: 'use-restricted', forbids: RAIL, asks: ['pass-restrictions-on', 'keep-notice'] },
  ],
  [
    /\b(a?gpl|lgpl)\b|gnu (affero |lesser )?general public|\bcc-by-sa\b/i,
    { kind: 'share-alike', forbids: [], asks: ['same-licence', 'keep-notice'] },
  ],
  [
    /\bapache\b|\bmit\b|\bbsd\b|\bcc-by-\d|\bcc0\b|\bisc\b|unlicense|public domain/i,
    { kind: 'permissive', forbids: [], asks: ['keep-notice'] },
  ],
];

const UNKNOWN: LicenceReading = { kind: 'unknown', forbids: [], asks: [] };

/** `title`: a name or a first line; `text`: the licence, where its files hold it. */
export function readLicence(title: string, text: string | null): LicenceReading {
  const named = KINDS.find(([pattern]) => pattern.test(title));
  if (named) return named[1];
  return KINDS.find(([pattern]) => text !== null && pattern.test(text))?.[1] ?? UNKNOWN;
}
