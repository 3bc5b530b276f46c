// Strict JSON for untrusted headers: RFC 8259, duplicate keys refused, depth bounded, objects as Maps.

/** A JSON value; objects are Maps, so that no key (`__proto__`) means anything special. */
export type StrictJson = null | boolean | number | string | StrictJson[] | Map<string, StrictJson>;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// The class spells out "every character from the space on except quote and backslash".
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const LITERALS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

/**
 * Parses `text` or throws an Error whose message says what is wrong and at which character.
 * Unlike JSON.parse it refuses a key that occurs twice in one object.
 */
export function parseStrictJson(text: string, maxDepth = 32): StrictJson {
  let at = 0;

  const fail = (what: string): never => {
    throw new Error(`${what} at character ${at}`);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const accept = (char: string): boolean => {
    take(SPACE);
    if (text[at] !== char) return false;
    at++;
    return true;
  };
  const expect = (char: string): void => {
    if (!accept(char)) fail(`expected '${char}'`);
  };
  const string = (): string => {
    take(SPACE);
    return JSON.parse(take(STRING) ?? fail('expected a string')) as string;
  };

  const object = (depth: number): Map<string, StrictJson> => {
    const entries = new Map<string, StrictJson>();
    if (accept('}')) return entries;
    do {
      const key = string();
      if (entries.has(key)) fail(`key ${JSON.stringify(key)} occurs twice`);
      expect(':');
      entries.set(key, value(depth + 1));
    } while (accept(','));
    expect('}');
    return entries;
  };
  const array = (depth: number): StrictJson[] => {
    const items: StrictJson[] = [];
    if (accept(']')) return items;
    do items.push(value(depth + 1));
    while (accept(','));
    expect(']');
    return items;
  };
  const value = (depth: number): StrictJson => {
    if (depth > maxDepth) fail(`nested deeper than ${maxDepth}`);
    if (accept('{')) return object(depth);
    if (accept('[')) return array(depth);
    if (text[at] === '"') return string();
    for (const [word, meaning] of LITERALS) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return meaning;
    }
    return Number(take(NUMBER) ?? fail('expected a value'));
  };

  const result = value(0);
  take(SPACE);
  if (at !== text.length) fail('text after the end');
  return result;
}
