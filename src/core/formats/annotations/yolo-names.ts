// Class names of YOLO sets: the `names` of data.yaml (list, inline list or numbered), or a plain list of lines.

/** Names by class number out of data.yaml; null where it has none. Only this small part of YAML is read. */
export function namesOfYaml(text: string): string[] | null {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^names\s*:/.test(line));
  if (start < 0) return null;
  const inline = withoutRemark(lines[start].slice(lines[start].indexOf(':') + 1)).trim();
  if (inline !== '') return inlineNames(inline + continued(lines, start, inline));
  const names: string[] = [];
  for (const raw of lines.slice(start + 1)) {
    const line = withoutRemark(raw);
    if (line.trim() === '') continue;
    const listed = /^\s*-\s*(.*)$/.exec(line);
    const numbered = /^\s+(\d{1,5})\s*:\s*(.*)$/.exec(line);
    if (listed !== null) names.push(unquoted(listed[1]));
    else if (numbered !== null) names[Number(numbered[1])] = unquoted(numbered[2]);
    else break;
  }
  return names.length === 0 ? null : Array.from(names, (name) => name ?? '');
}

/** One name per line, as in classes.txt or obj.names. */
export function namesOfLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines that belong to an inline list that is not closed on its first line. */
function continued(lines: readonly string[], start: number, first: string): string {
  const end = first.startsWith('[') ? ']' : first.startsWith('{') ? '}' : '';
  if (end === '' || first.includes(end)) return '';
  let rest = '';
  for (const line of lines.slice(start + 1)) {
    rest += ` ${withoutRemark(line).trim()}`;
    if (line.includes(end)) break;
  }
  return rest;
}

function inlineNames(text: string): string[] | null {
  const list = /^\[(.*)\]$/.exec(text);
  const map = /^\{(.*)\}$/.exec(text);
  const cells = (list ?? map)?.[1].match(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,"']+(?:'[^,]*)?/g) ?? [];
  if (list !== null) return cells.map((cell) => unquoted(cell)).filter((name) => name !== '');
  if (map === null) return null;
  const names: string[] = [];
  for (const [, index, name] of map[1].matchAll(/(\d{1,5})\s*:\s*("[^"]*"|'[^']*'|[^,]+)/g)) {
    names[Number(index)] = unquoted(name);
  }
  return names.length === 0 ? null : Array.from(names, (name) => name ?? '');
}

function withoutRemark(line: string): string {
  return line.replace(/(^|\s)#.*$/, '');
}

function unquoted(text: string): string {
  const plain = text.trim();
  const quoted = /^"(.*)"$/.exec(plain) ?? /^'(.*)'$/.exec(plain);
  return (quoted === null ? plain : quoted[1]).trim();
}
