// Composes contact sheets: rows of captioned tiles (source | generated | mask | nearest real) as PNG pages.

import type { OverlayOptions } from 'sharp';
import sharp from 'sharp';
import { AppError, invariant } from '../../core/base/errors.ts';
import type { Showable } from './preview.ts';
import { displayRgb, fromRgb, isMask } from './preview.ts';

export interface SheetTile {
  /** null leaves the tile empty ("none"). */
  readonly picture: Showable | null;
  /** One line under the tile. */
  readonly caption?: string;
}

export interface SheetRow {
  /** One line above the row. */
  readonly label: string;
  /** Reasons why the picture was flagged; shown in red after the label. */
  readonly flags?: readonly string[];
  /** As many as there are columns. */
  readonly tiles: readonly SheetTile[];
}

export interface SheetOptions {
  readonly title: string;
  /** Heads of the columns, e.g. source, generated, mask, nearest real. */
  readonly columns: readonly string[];
  /** Side of a tile in pixels (default 192). */
  readonly tile?: number;
  /** Rows per page (default 20). */
  readonly maxRows?: number;
  readonly signal?: AbortSignal;
}

const GAP = 12;
const TITLE = 34;
const HEAD = 24;
const LABEL = 22;
const CAPTION = 20;
const BACKGROUND = '#f4f5f6';

/** One PNG per `maxRows` rows, in order; at least one page. */
export async function composeContactSheets(
  rows: readonly SheetRow[],
  options: SheetOptions,
): Promise<Uint8Array[]> {
  const maxRows = options.maxRows ?? 20;
  invariant(maxRows >= 1 && options.columns.length >= 1, 'a contact sheet needs rows and columns');
  const pages = Math.max(1, Math.ceil(rows.length / maxRows));
  const out: Uint8Array[] = [];
  for (let page = 0; page < pages; page++) {
    const title = pages === 1 ? options.title : `${options.title} (${page + 1} of ${pages})`;
    out.push(await composePage(rows.slice(page * maxRows, (page + 1) * maxRows), { ...options, title }));
  }
  return out;
}

async function composePage(rows: readonly SheetRow[], options: SheetOptions): Promise<Uint8Array> {
  const tile = options.tile ?? 192;
  const columns = options.columns.length;
  const width = GAP + columns * (tile + GAP);
  const rowHeight = LABEL + tile + CAPTION;
  const height = TITLE + HEAD + rows.length * rowHeight + GAP;
  const left = (column: number): number => GAP + column * (tile + GAP);
  const layers: OverlayOptions[] = [];
  const texts = [text(GAP, 23, options.title, { size: 17, weight: 'bold', room: width - 2 * GAP })];
  options.columns.forEach((head, c) => {
    texts.push(text(left(c), TITLE + 16, head, { size: 13, weight: 'bold', room: tile }));
  });
  for (const [r, row] of rows.entries()) {
    if (options.signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    invariant(row.tiles.length === columns, `row ${r} has ${row.tiles.length} tiles for ${columns} columns`);
    const top = TITLE + HEAD + r * rowHeight;
    texts.push(rowLabel(row, GAP, top + 15, width - 2 * GAP));
    for (const [c, { picture, caption }] of row.tiles.entries()) {
      if (picture === null)
        texts.push(text(left(c) + tile / 2 - 14, top + LABEL + tile / 2, 'none', { size: 12, room: tile }));
      else layers.push(await tileLayer(picture, tile, left(c), top + LABEL));
      if (caption) texts.push(text(left(c), top + LABEL + tile + 14, caption, { size: 11, room: tile }));
    }
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join('')}</svg>`;
  layers.push({ input: Buffer.from(svg), left: 0, top: 0 });
  const page = await sharp({ create: { width, height, channels: 3, background: BACKGROUND } })
    .composite(layers)
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
  return new Uint8Array(page);
}

/** The picture fitted into the tile, centred; masks and pictures smaller than half a tile keep hard pixels. */
async function tileLayer(
  picture: Showable,
  tile: number,
  left: number,
  top: number,
): Promise<OverlayOptions> {
  const rgb = await displayRgb(picture);
  const scale = tile / Math.max(rgb.width, rgb.height);
  const width = Math.max(1, Math.round(rgb.width * scale));
  const height = Math.max(1, Math.round(rgb.height * scale));
  const hard = isMask(picture) || scale > 2;
  const input = await fromRgb(rgb)
    .resize(width, height, { fit: 'fill', kernel: hard ? 'nearest' : 'lanczos3' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { input, left: left + Math.floor((tile - width) / 2), top: top + Math.floor((tile - height) / 2) };
}

interface TextStyle {
  readonly size: number;
  readonly weight?: 'bold';
  readonly colour?: string;
  /** Pixels available; longer texts are shortened. */
  readonly room: number;
}

/** The label in bold and, after it on the same line, the flags. */
function rowLabel(row: SheetRow, x: number, y: number, room: number): string {
  const flags = row.flags?.join('; ') ?? '';
  const label = shortened(row.label, flags === '' ? room : room / 2, 12);
  const remark =
    flags === '' ? '' : `<tspan dx="10" fill="#b00020">${shortened(flags, room / 2, 12)}</tspan>`;
  return `<text x="${x}" y="${y}" ${font(12)} fill="#1b1f24"><tspan font-weight="bold">${label}</tspan>${remark}</text>`;
}

function text(x: number, y: number, content: string, style: TextStyle): string {
  const weight = style.weight ? ` font-weight="${style.weight}"` : '';
  const shown = shortened(content, style.room, style.size);
  return `<text x="${x}" y="${y}" ${font(style.size)}${weight} fill="${style.colour ?? '#1b1f24'}">${shown}</text>`;
}

const font = (size: number) =>
  `font-family="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif" font-size="${size}"`;

/** Content for XML, cut to what fits into `room` px. */
function shortened(content: string, room: number, size: number): string {
  const letters = Math.max(4, Math.floor(room / (size * 0.58)));
  return escapeXml(content.length > letters ? `${content.slice(0, letters - 1)}…` : content);
}

/** Escapes text for XML and drops the control characters XML forbids. */
function escapeXml(value: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return [...value]
    .filter((c) => c >= ' ')
    .map((c) => entities[c] ?? c)
    .join('');
}
