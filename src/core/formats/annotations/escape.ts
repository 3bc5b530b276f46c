// Puts untrusted text into XML, CSV and YAML so that it is read as text and nothing else.

/** What XML 1.0 cannot say at all. */
const UNSAYABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const XML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Not printable in YAML's sense, or able to reorder what is shown. */
const HIDDEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** For XML elements and attributes in double quotes; what XML cannot say becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(UNSAYABLE, '\ufffd')
    .replace(/[&<>"'\t\n\r]/g, (letter) => XML[letter] ?? `&#${letter.charCodeAt(0)};`);
}

/** A CSV field (RFC 4180). */
export function csvField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A double-quoted YAML scalar, which is also a JSON string. */
export function yamlString(text: string): string {
  const code = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(HIDDEN, code);
}
