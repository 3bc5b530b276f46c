// Names of pictures that work here and fail on another machine.

const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** With the folders of a stick or a share, Windows' limit of 260 letters is close. */
const LONG_NAME = 150;

/** What is wrong with the file's own name, worded to follow it. */
export function nameRemarks(file: string): string[] {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const stem = name.replace(/\.[^.]*$/, '');
  const remarks: string[] = [];
  if (RESERVED.test(name))
    remarks.push('has a name that Windows keeps for itself; exports give it another one');
  if (/[. ]$/.test(stem) || /[. ]$/.test(name))
    remarks.push('has a name that ends with a dot or space, which Windows drops');
  if (name.length > LONG_NAME) remarks.push(`has a name of ${name.length} letters, too long for some drives`);
  if (/[\p{Cc}\p{Cf}]/u.test(name)) remarks.push('has invisible characters in its name');
  return remarks;
}
