// How a check of doctor tells what it found.

/** An `error` is damage, a `note` a leftover or something to do. */
export type Report = (
  level: 'error' | 'note',
  what: string,
  file?: string | null,
  repaired?: boolean,
) => void;
