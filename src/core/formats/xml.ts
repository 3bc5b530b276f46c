// A small strict XML reader for data files: events, no entity but the five of XML, no document type, nothing fetched.

import { AppError } from '../base/errors.ts';

export interface XmlEvents {
  open(name: string, attributes: ReadonlyMap<string, string>, path: readonly string[]): void;
  /** `text` is the element's own text, without that of elements in it; `path` still ends with the element. */
  close(name: string, text: string, path: readonly string[]): void;
}

const MAX_DEPTH = 32;
const NAME = /[\p{L}_:][\p{L}\p{N}_:.-]*/uy;
const SPACE = /\s*/y;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads `text`; throws `bad-dataset` with what is wrong, worded to follow the file's name. */
export function readXml(text: string, events: XmlEvents): void {
  const open: { name: string; text: string }[] = [];
  const path: string[] = [];
  let at = 0;
  let roots = 0;

  const fail: (what: string) => never = (what) => {
    throw new AppError('bad-dataset', `${what} (character ${at})`, { hint: 'Export the annotations again.' });
  };
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const skipTo = (end: string): number => {
    const found = text.indexOf(end, at);
    if (found < 0) fail('is cut off: it ends inside a tag');
    at = found + end.length;
    return found;
  };
  const addText = (raw: string): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += raw;
    else if (raw.trim() !== '') fail('is not XML: text outside of the first element');
  };
  const close = (name: string): void => {
    const inner = open.pop();
    if (inner === undefined || inner.name !== name)
      fail(`is damaged XML: </${name.slice(0, 40)}> was never opened`);
    events.close(name, inner.text, path);
    path.pop();
  };
  const attributes = (): Map<string, string> => {
    const found = new Map<string, string>();
    for (;;) {
      match(SPACE);
      const name = match(NAME);
      if (name === '') return found;
      match(SPACE);
      if (text[at] !== '=') fail('is damaged XML: an attribute without a value');
      at++;
      match(SPACE);
      const quote = text[at];
      if (quote !== '"' && quote !== "'") fail('is damaged XML: a value without quotes');
      at++;
      const start = at;
      const value = text.slice(start, skipTo(quote));
      if (value.includes('<')) fail('is damaged XML: "<" inside a value');
      if (found.has(name)) fail(`is damaged XML: the attribute "${name.slice(0, 40)}" occurs twice`);
      found.set(name, unescaped(value, fail));
    }
  };
  const element = (): void => {
    const name = match(NAME);
    if (name === '') fail('is not XML: "<" without a name');
    if (open.length === 0 && ++roots > 1) fail('is not XML: more than one first element');
    if (open.length >= MAX_DEPTH) fail(`is not an annotation file: elements more than ${MAX_DEPTH} deep`);
    const found = attributes();
    path.push(name);
    open.push({ name, text: '' });
    events.open(name, found, path);
    if (text.startsWith('/>', at)) {
      at += 2;
      close(name);
    } else if (text[at] === '>') at++;
    else fail('is damaged XML: a tag that does not end');
  };

  while (at < text.length) {
    const next = text.indexOf('<', at);
    if (next !== at) {
      addText(unescaped(text.slice(at, next < 0 ? text.length : next), fail));
      at = next < 0 ? text.length : next;
      continue;
    }
    if (text.startsWith('<?', at)) skipTo('?>');
    else if (text.startsWith('<!--', at)) {
      at += 4;
      skipTo('-->');
    } else if (text.startsWith('<![CDATA[', at)) {
      at += 9;
      const start = at;
      addText(text.slice(start, skipTo(']]>')));
    } else if (text.startsWith('<!', at)) {
      fail(
        'defines entities or a document type, which annotation files do not need and which are never read; refused',
      );
    } else if (text.startsWith('</', at)) {
      at += 2;
      const name = match(NAME);
      match(SPACE);
      if (text[at] !== '>') fail('is damaged XML: an end tag that does not end');
      at++;
      close(name);
    } else {
      at++;
      element();
    }
  }
  if (open.length > 0) fail(`is cut off: <${open[open.length - 1].name.slice(0, 40)}> is not closed`);
  if (roots === 0) fail('is not XML: it holds no element');
}

function unescaped(text: string, fail: (what: string) => never): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&\s]{0,40});?/g, (whole, name: string) => {
    if (whole.endsWith(';') && Object.hasOwn(NAMED, name)) return NAMED[name];
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    if (whole.endsWith(';') && code !== null) {
      const point = code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
    }
    return fail(`uses "${whole.slice(0, 40)}", which is not one of XML's own entities; refused`);
  });
}
