// Writes simple PDF pages: text in Helvetica, filled rectangles, lines and JPEG pictures. No compression, no library.

/** A4 in points. */
export const PAGE = { width: 595, height: 842 } as const;

export interface PdfImage {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** One page; y counts from the top. */
export class PdfPage {
  readonly content: string[] = [];
  readonly images: PdfImage[] = [];

  /** `y` is the base line. Characters outside Windows-1252 become question marks. */
  text(x: number, y: number, text: string, options: { size?: number; bold?: boolean; colour?: Colour } = {}) {
    const { size = 10, bold = false, colour = [0, 0, 0] } = options;
    this.content.push(
      `${colour.join(' ')} rg BT /${bold ? 'B' : 'R'} ${size} Tf ${at(x)} ${at(PAGE.height - y)} Td (${escaped(text)}) Tj ET`,
    );
  }

  rect(x: number, y: number, width: number, height: number, colour: Colour) {
    this.content.push(
      `${colour.join(' ')} rg ${at(x)} ${at(PAGE.height - y - height)} ${at(width)} ${at(height)} re f`,
    );
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: Colour = [0, 0, 0], width = 0.8) {
    this.content.push(
      `${colour.join(' ')} RG ${width} w ${at(x1)} ${at(PAGE.height - y1)} m ${at(x2)} ${at(PAGE.height - y2)} l S`,
    );
  }

  image(image: PdfImage, x: number, y: number, width: number, height: number) {
    this.images.push(image);
    this.content.push(
      `q ${at(width)} 0 0 ${at(height)} ${at(x)} ${at(PAGE.height - y - height)} cm /I${this.images.length} Do Q`,
    );
  }
}

const at = (value: number): string => String(Math.round(value * 100) / 100);

/** Characters of Windows-1252 beyond Latin-1 that texts use. */
const EXTRA: Readonly<Record<string, number>> = {
  '–': 0x96,
  '—': 0x97,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '€': 0x80,
  '…': 0x85,
};

function escaped(text: string): string {
  return [...text]
    .map((c) => {
      const code = EXTRA[c] ?? c.codePointAt(0)!;
      if (code < 32 || code > 255 || (code >= 0x7f && code < 0xa0 && EXTRA[c] === undefined)) return '?';
      if (c === '(' || c === ')' || c === '\\') return `\\${c}`;
      return code < 127 ? c : `\\${code.toString(8).padStart(3, '0')}`;
    })
    .join('');
}

/** Widths of Helvetica in thousandths of its size, from 32 to 126 (Adobe's metrics). */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Width in points; bold letters are a little wider. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const c of text) sum += WIDTHS[c.codePointAt(0)! - 32] ?? 556;
  return (sum * size * (bold ? 1.06 : 1)) / 1000;
}

/** Words in lines no wider than `width`; a longer word stands alone. */
export function wrapText(text: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size, bold) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** The file's bytes: the same pages always give the same. */
export function writePdf(pages: readonly PdfPage[], title: string): Uint8Array {
  const parts: Uint8Array[] = [latin('%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n')];
  const offsets: number[] = [];
  let length = parts[0].length;
  const push = (bytes: Uint8Array) => {
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (id: number, head: string, stream?: Uint8Array) => {
    offsets[id] = length;
    push(latin(`${id} 0 obj\n${head}`));
    if (stream !== undefined) {
      push(latin('\nstream\n'));
      push(stream);
      push(latin('\nendstream'));
    }
    push(latin('\nendobj\n'));
  };
  // 1 catalogue, 2 pages, 3 and 4 fonts, 5 information; then per page: page, content, images.
  let next = 6;
  const kids: number[] = [];
  for (const page of pages) {
    const [own, content] = [next, next + 1];
    const images = page.images.map((_, i) => next + 2 + i);
    next += 2 + images.length;
    kids.push(own);
    const names = images.map((id, i) => `/I${i + 1} ${id} 0 R`).join(' ');
    object(
      own,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents ${content} 0 R /Resources << /Font << /R 3 0 R /B 4 0 R >> /XObject << ${names} >> >> >>`,
    );
    const stream = latin(page.content.join('\n'));
    object(content, `<< /Length ${stream.length} >>`, stream);
    page.images.forEach(({ jpeg, width, height }, i) => {
      object(
        images[i],
        `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>`,
        jpeg,
      );
    });
  }
  object(1, '<< /Type /Catalog /Pages 2 0 R >>');
  object(2, `<< /Type /Pages /Kids [${kids.map((id) => `${id} 0 R`).join(' ')}] /Count ${kids.length} >>`);
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  object(3, font('Helvetica'));
  object(4, font('Helvetica-Bold'));
  object(5, `<< /Title (${escaped(title)}) /Producer (Flawsmith) >>`);
  const table = length;
  const rows = Array.from(
    { length: next - 1 },
    (_, i) => `${String(offsets[i + 1]).padStart(10, '0')} 00000 n \n`,
  );
  push(
    latin(
      `xref\n0 ${next}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${next} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${table}\n%%EOF\n`,
    ),
  );
  const out = new Uint8Array(length);
  let to = 0;
  for (const part of parts) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}
