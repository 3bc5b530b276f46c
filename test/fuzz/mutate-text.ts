// Damage to text: JSON by its structure, other text by its words, and names that lead out of a folder.

import type { Rng } from '../../src/core/base/rng.ts';
import type { Place } from './target.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const NUMBERS = [0, -1, 1, 0.5, -0.5, 2 ** 31, 2 ** 53, 1e9, 1e308, -1e308, 1e-320, 65535, 100_000];

/** Names that must lead nowhere. */
function hostileName({ outside }: Place, rng: Rng): string {
  return rng.pick([
    '../../outside/fuzz.png',
    '..\\..\\outside\\fuzz.png',
    `../${'../'.repeat(8)}etc/passwd`,
    outside,
    `file://${outside}`,
    'CON',
    'a\u0000b.png',
    '.',
    '',
    `${'a'.repeat(300)}.png`,
    '\u202egnp.exe',
  ]);
}

function odd(rng: Rng, place: Place): Json {
  const kinds: (() => Json)[] = [
    () => null,
    () => rng.chance(0.5),
    () => rng.pick(NUMBERS),
    () => rng.pick(NUMBERS),
    () => hostileName(place, rng),
    () => 'x'.repeat(rng.pick([0, 1, 1000])),
    () => [],
    () => ({}),
    () => [[1, 2, 3], { a: [null] }],
    () => ({ ['__proto__']: { polluted: true }, constructor: 1, length: 1e9 }),
    () => deep(rng.pick([10, 70, 400])),
  ];
  return rng.pick(kinds)();
}

function deep(levels: number): Json {
  let value: Json = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

interface Spot {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string;
}

function spots(value: Json, found: Spot[] = []): Spot[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, child] of Object.entries(value)) {
    found.push({ holder: value, key });
    spots(child, found);
  }
  return found;
}

function damageSpot({ holder, key }: Spot, rng: Rng, place: Place): void {
  const at = holder as { [key: string]: Json };
  const value = at[key];
  const kind = rng.int(8);
  if (kind === 0) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete at[key];
  } else if (kind === 1 && Array.isArray(holder)) holder.push(structuredClone(value));
  else if (kind === 2 && Array.isArray(value)) at[key] = value.slice(0, rng.int(value.length + 1));
  else if (typeof value === 'number' && kind < 6)
    at[key] = rng.pick([value + 1, -value, value * 1000, value / 3, rng.pick(NUMBERS)]);
  else if (typeof value === 'string' && kind < 6) at[key] = damageText(value, rng, place);
  else at[key] = odd(rng, place);
}

function parsed(text: string): { root: Json } | null {
  try {
    return { root: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}

/** JSON text with some values replaced, removed or repeated; sometimes the text itself is damaged too. */
export function damageJson(text: string, rng: Rng, place: Place): string {
  const root = parsed(text);
  if (root === null) return damageText(text, rng, place);
  for (let n = 1 + rng.int(3); n > 0; n--) {
    const all = spots(root);
    if (all.length === 0) break;
    // The root itself only now and then: everything below it goes with it.
    const spot = rng.chance(0.03) ? all[0] : all[Math.min(all.length - 1, 1 + rng.int(all.length))];
    damageSpot(spot, rng, place);
  }
  const out = JSON.stringify(root.root) ?? '';
  return rng.chance(0.2) ? damageText(out, rng, place) : out;
}

type Damage = (text: string, rng: Rng, place: Place) => string;

const cut: Damage = (text, rng) => text.slice(0, rng.int(text.length + 1));
const insert: Damage = (text, rng) => {
  const at = rng.int(text.length + 1);
  const what = rng.pick([
    '"',
    '<',
    '>',
    '&',
    '/',
    '{',
    '[',
    ']',
    ',',
    '\\',
    '\u0000',
    '\ud800',
    ' ',
    '\n',
    '-',
    'e9',
    '<!ENTITY a "b">',
  ]);
  return text.slice(0, at) + what + text.slice(at);
};
const repeat: Damage = (text, rng) => {
  const from = rng.int(text.length + 1);
  const to = Math.min(text.length, from + 1 + rng.int(60));
  return text.slice(0, to) + text.slice(from, to).repeat(rng.pick([1, 2, 50])) + text.slice(to);
};
const drop: Damage = (text, rng) => {
  const from = rng.int(text.length + 1);
  return text.slice(0, from) + text.slice(from + 1 + rng.int(20));
};
/** One number of the text becomes another. */
const number: Damage = (text, rng) => {
  const all = [...text.matchAll(/-?\d+(?:\.\d+)?/g)];
  if (all.length === 0) return text;
  const found = rng.pick(all);
  const other = String(rng.pick([rng.pick(NUMBERS), Number(found[0]) + 1, -Number(found[0]), 'NaN']));
  return text.slice(0, found.index) + other + text.slice(found.index + found[0].length);
};
/** One word of the text becomes a hostile name or another word of it. */
const word: Damage = (text, rng, place) => {
  const all = [...text.matchAll(/[\w.-]+/g)];
  if (all.length === 0) return text;
  const found = rng.pick(all);
  const other = rng.chance(0.4) ? hostileName(place, rng) : rng.pick(all)[0];
  return text.slice(0, found.index) + other + text.slice(found.index + found[0].length);
};

/** Numbers and words are the likeliest: the text stays whole. */
const ALL: readonly Damage[] = [number, number, number, word, word, drop, insert, repeat, cut];

/** A damaged copy: one to three kinds of damage. */
export function damageText(text: string, rng: Rng, place: Place): string {
  let out = text;
  for (let n = 1 + rng.int(3); n > 0; n--) out = rng.pick(ALL)(out, rng, place);
  return out;
}

/** XML whose elements stay as they are: what stands between tags and in quotes is damaged, rarely the rest. */
export function damageXml(text: string, rng: Rng, place: Place): string {
  let out = text;
  for (let n = 1 + rng.int(3); n > 0; n--) {
    const all = [...out.matchAll(/(?<=>)[^<>]+(?=<)|(?<==")[^"<>]*(?=")/g)].filter(
      ([value]) => value.trim() !== '',
    );
    if (all.length === 0 || rng.chance(0.15)) return damageText(out, rng, place);
    const found = rng.pick(all);
    const value = rng
      .pick([number, word, repeat, drop])(found[0], rng, place)
      .replace(/[<>&"]/g, '');
    out = out.slice(0, found.index) + value + out.slice(found.index + found[0].length);
  }
  return out;
}
