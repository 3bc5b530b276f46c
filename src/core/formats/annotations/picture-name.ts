// Names of pictures inside annotation files: untrusted paths.

/** The name with '/', or what is wrong with it. `..` may stay: whether it leaves the source is decided on linking. */
export function pictureName(name: string): { name: string } | { problem: string } {
  if (name.trim() === '') return { problem: 'an empty name' };
  if (/\p{Cc}/u.test(name)) return { problem: 'a name with control characters' };
  if (name.length > 1024) return { problem: `a name of ${name.length} letters` };
  if (/^[a-z]:[\\/]/i.test(name)) return { problem: 'a path on a drive' };
  const plain = name.replaceAll('\\', '/');
  if (plain.startsWith('//')) return { problem: 'a path on a server' };
  if (plain.startsWith('/')) return { problem: 'a path from the root of a drive' };
  return { name: plain.replace(/^(?:\.\/)+/, '') };
}

/** `name` as seen from `folder` ('' is the source itself); null where it leads out of the source. */
export function resolveInside(folder: string, name: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
