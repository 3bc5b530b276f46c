// Added tokens in a prompt: found anywhere, even inside a word, the longest first, exactly as written.

/** One stretch of a prompt: an added token, or text in between. */
export interface Stretch {
  readonly text: string;
  readonly isToken: boolean;
}

/** Cuts `text` at every added token. Leftmost match, the longest of those that start there; case matters. */
export function splitAtTokens(text: string, tokens: Iterable<string>): Stretch[] {
  const longestFirst = [...tokens].filter((token) => token !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return text === '' ? [] : [{ text, isToken: false }];
  const pattern = new RegExp(longestFirst.map(quote).join('|'), 'gu');
  const stretches: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) stretches.push({ text: text.slice(from, match.index), isToken: false });
    stretches.push({ text: match[0], isToken: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) stretches.push({ text: text.slice(from), isToken: false });
  return stretches;
}

/** The token as a pattern that matches only itself. */
function quote(token: string): string {
  return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
