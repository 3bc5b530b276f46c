// Many screenshots on one sheet, small, with what they are under each.

import { basename } from 'node:path';
import sharp from 'sharp';

const CELL = { width: 960, height: 540, foot: 36, gap: 16 };
const COLUMNS = 2;

export async function contactSheet(files: readonly string[], to: string): Promise<void> {
  const rows = Math.ceil(files.length / COLUMNS);
  const [stepX, stepY] = [CELL.width + CELL.gap, CELL.height + CELL.foot + CELL.gap];
  const cells = await Promise.all(
    files.map(async (file, i) => {
      const at = { left: CELL.gap + (i % COLUMNS) * stepX, top: CELL.gap + Math.floor(i / COLUMNS) * stepY };
      const input = await sharp(file)
        .resize({
          width: CELL.width,
          height: CELL.height,
          fit: 'contain',
          position: 'left top',
          background: '#777',
        })
        .toBuffer();
      return [
        { input, ...at },
        { input: words(basename(file, '.png')), left: at.left, top: at.top + CELL.height },
      ];
    }),
  );
  await sharp({
    create: {
      width: CELL.gap + COLUMNS * stepX,
      height: CELL.gap + rows * stepY,
      channels: 3,
      background: '#555',
    },
  })
    .composite(cells.flat())
    .png()
    .toFile(to);
}

function words(text: string): Buffer {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return Buffer.from(
    `<svg width="${CELL.width}" height="${CELL.foot}"><text x="4" y="24" font-family="sans-serif" font-size="20" fill="#fff">${safe}</text></svg>`,
  );
}
