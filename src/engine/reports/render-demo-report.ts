// Renders a demo report as one HTML file: inline style, pictures as data, no script, nothing fetched.

import { previewDataUri } from '../imaging/index.ts';
import { curveSvg } from './curve-svg.ts';
import type { DemoReport, ReportPicture } from './demo-report.ts';
import { escapeHtml, table, verdict } from './html.ts';

/** Longer side of a picture in the table. */
const THUMB = 96;
/** Longer side of a contact sheet page. */
const SHEET = 2400;

const CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const STYLE = `
body { font: 15px/1.5 system-ui, "Segoe UI", sans-serif; color: #1b1f24; background: #fff; margin: 0 auto; max-width: 1100px; padding: 24px; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 36px 0 10px; } .sub { color: #57606a; margin: 4px 0 20px; }
table { border-collapse: collapse; } th, td { border-bottom: 1px solid #d8dce0; padding: 4px 10px; text-align: left; vertical-align: middle; }
th { font-weight: 600; white-space: nowrap; } .scroll { overflow-x: auto; } td img { display: block; image-rendering: auto; }
.ok { color: #1a7f37; } .bad { color: #b00020; } .id { font-family: ui-monospace, Consolas, monospace; font-size: 12px; }
figure { margin: 0 0 18px; } figcaption { font-weight: 600; } svg { width: 100%; max-width: 720px; font: 11px sans-serif; fill: #57606a; }
.sheet { max-width: 100%; border: 1px solid #d8dce0; } @media print { body { max-width: none; } }
`;

/** The whole file as text (UTF-8). */
export async function renderDemoReport(report: DemoReport): Promise<string> {
  const title = escapeHtml(report.title);
  const sections = [
    `<h1>${title}</h1><p class="sub">${escapeHtml(report.subtitle)}</p>`,
    report.notes.length > 0
      ? `<ul>${report.notes.map((n) => `<li>${escapeHtml(n)}</li>`).join('')}</ul>`
      : '',
    numbers(report),
    report.curves.length > 0 ? `<h2>Training</h2>\n${report.curves.map(curveSvg).join('\n')}` : '',
    await sheets(report),
    await pictures(report.pictures),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body>
${sections.filter((s) => s !== '').join('\n')}
</body></html>
`;
}

function numbers(report: DemoReport): string {
  if (report.numbers.length === 0) return '';
  const rows = report.numbers.map((n) => [
    escapeHtml(n.label),
    verdict(n.value, n.ok ?? null),
    escapeHtml(n.bar ?? ''),
  ]);
  return `<h2>Numbers</h2>\n${table(['what', 'value', 'bar'], rows)}`;
}

async function sheets(report: DemoReport): Promise<string> {
  const parts: string[] = [];
  for (const sheet of report.sheets) {
    const title = escapeHtml(sheet.title);
    const uri = await previewDataUri(sheet.png, SHEET);
    parts.push(`<h2>${title}</h2><img class="sheet" alt="${title}" src="${uri}">`);
  }
  return parts.join('\n');
}

async function pictures(items: readonly ReportPicture[]): Promise<string> {
  if (items.length === 0) return '';
  const names = [...new Set(items.flatMap((p) => p.checks.map((c) => c.name)))];
  const rows: string[][] = [];
  for (const item of items) {
    const checks = names.map((name) => {
      const check = item.checks.find((c) => c.name === name);
      return check === undefined ? '' : verdict(check.value, check.ok);
    });
    rows.push([
      image(await previewDataUri(item.picture, THUMB), `generated picture ${item.id}`),
      item.mask === null ? '' : image(await previewDataUri(item.mask, THUMB), `mask of ${item.id}`),
      `<span class="id">${escapeHtml(item.id)}</span><br>${escapeHtml(item.type)}, ${escapeHtml(item.generator)}`,
      ...checks,
      item.flags.length > 0
        ? `<span class="bad">${escapeHtml(item.flags.join('; '))}</span>`
        : '<span class="ok">none</span>',
    ]);
  }
  const flagged = items.filter((p) => p.flags.length > 0).length;
  const head = `<h2>Pictures and checks</h2><p>${items.length} pictures, ${flagged} flagged.</p>`;
  return `${head}\n${table(['picture', 'mask', 'id', ...names, 'flags'], rows)}`;
}

function image(uri: string, alt: string): string {
  return `<img alt="${escapeHtml(alt)}" src="${uri}">`;
}
