// HTML from values: everything is escaped unless it was made here.

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c]).replace(/[^\P{Cc}\n\t]/gu, '');
}

/** A table with a head row; cells are HTML. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const th = head.map((h) => `<th>${escapeHtml(h)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((c) => `<td>${c}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table><thead><tr>${th}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A value with a mark for met (true), missed (false) or no bar (null). */
export function verdict(text: string, ok: boolean | null): string {
  const value = escapeHtml(text);
  if (ok === null) return value;
  return ok ? `<span class="ok">✓ ${value}</span>` : `<span class="bad">✗ ${value}</span>`;
}
