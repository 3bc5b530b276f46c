// The report of a proof as PDF: the same content as the HTML file, for the quality folder and for paper.

import { PROOF_METRICS } from '../../core/domain/proof.ts';
import { jpegSize } from '../../core/formats/jpeg-size.ts';
import { PAGE, type PdfImage, PdfPage, textWidth, wrapText, writePdf } from '../../core/formats/pdf.ts';
import type { ProofDetails } from './details.ts';
import type { ProofExample } from './examples.ts';
import {
  ARM_TEXT,
  comparisonText,
  METRIC_DEFINITIONS,
  METRIC_NAMES,
  qualityText,
  SHOWN_METRICS,
  shownArms,
  summaryText,
  testedText,
  unknownText,
} from './report-content.ts';

const MARGIN = 48;
const WIDTH = PAGE.width - 2 * MARGIN;
const BLUE = [0.04, 0.38, 0.64] as const;
const GREY = [0.55, 0.58, 0.62] as const;

/** Lays text and charts below each other and begins pages. */
class Layout {
  readonly pages: PdfPage[] = [new PdfPage()];
  y = MARGIN;

  get page(): PdfPage {
    return this.pages[this.pages.length - 1];
  }

  room(height: number): void {
    if (this.y + height <= PAGE.height - MARGIN) return;
    this.pages.push(new PdfPage());
    this.y = MARGIN;
  }

  paragraph(text: string, { size = 10, bold = false, indent = 0, after = 4 } = {}): void {
    for (const line of wrapText(text, WIDTH - indent, size, bold)) {
      this.room(size * 1.4);
      this.y += size * 1.25;
      this.page.text(MARGIN + indent, this.y, line, { size, bold });
    }
    this.y += after;
  }

  heading(text: string): void {
    this.room(60);
    this.y += 12;
    this.paragraph(text, { size: 14, bold: true, after: 4 });
  }

  list(items: readonly string[]): void {
    for (const item of items) {
      this.room(14);
      this.page.text(MARGIN + 2, this.y + 12.5, '-');
      this.paragraph(item, { indent: 12, after: 2 });
    }
  }
}

export function renderProofPdf(proof: ProofDetails): Uint8Array {
  const layout = new Layout();
  const title = `Do generated pictures help? ${proof.product}`;
  layout.paragraph(title, { size: 20, bold: true });
  const when = new Date(proof.updatedAt).toISOString().slice(0, 16).replace('T', ' ');
  layout.paragraph(`Proof ${proof.id}, preset ${proof.params.preset}, ${when} UTC`, { after: 10 });
  layout.paragraph(proof.verdict ?? '', { size: 13, bold: true, after: 8 });
  layout.heading('What was compared');
  layout.list(testedText(proof));
  const unknown = unknownText(proof);
  if (unknown.length > 0) layout.heading('What was not known');
  layout.list(unknown);
  layout.heading('Results in percent: mean over seeds, 95 % interval, seeds as ticks');
  for (const metric of SHOWN_METRICS) bars(layout, proof, metric);
  layout.heading('Differences in IoU points');
  layout.list(proof.comparisons.map(comparisonText));
  layout.heading('All figures');
  for (const { arm, summary } of shownArms(proof)) {
    layout.paragraph(arm, { bold: true, after: 0 });
    for (const metric of PROOF_METRICS)
      layout.paragraph(`${METRIC_NAMES[metric]}: ${summaryText(summary[metric])}`, {
        size: 9,
        indent: 12,
        after: 0,
      });
    layout.y += 6;
  }
  if (proof.quality.length > 0) layout.heading('The pictures themselves');
  layout.list(proof.quality.map(qualityText));
  pictures(layout, 'Where it helped', proof.helped);
  pictures(layout, 'Where it hurt', proof.hurt);
  layout.heading('Definitions');
  for (const [term, text] of Object.entries(ARM_TEXT)) layout.paragraph(`${term}: ${text}`, { size: 9 });
  for (const metric of PROOF_METRICS)
    layout.paragraph(`${METRIC_NAMES[metric]}: ${METRIC_DEFINITIONS[metric]}`, { size: 9 });
  return writePdf(layout.pages, title);
}

const LABEL = 90;
const FIGURE = 130;
const ROW = 16;

function bars(layout: Layout, proof: ProofDetails, metric: (typeof SHOWN_METRICS)[number]): void {
  const rows = shownArms(proof);
  layout.room(24 + rows.length * ROW);
  layout.paragraph(METRIC_NAMES[metric], { bold: true, after: 2 });
  const length = WIDTH - LABEL - FIGURE;
  const x = (value: number) => MARGIN + LABEL + Math.min(1, Math.max(0, value)) * length;
  const { page } = layout;
  for (const { arm, summary } of rows) {
    const { mean, lo, hi, seeds } = summary[metric];
    const top = layout.y;
    page.text(MARGIN + LABEL - 6 - textWidth(arm, 9), top + 10, arm, { size: 9 });
    if (mean !== null) page.rect(x(0), top + 2, x(mean) - x(0), 11, arm === 'real' ? GREY : BLUE);
    if (lo !== null && hi !== null) page.line(x(lo), top + 7.5, x(hi), top + 7.5);
    for (const seed of seeds) if (seed !== null) page.line(x(seed), top + 4, x(seed), top + 11);
    page.text(MARGIN + WIDTH - FIGURE + 8, top + 10, summaryText(summary[metric]), { size: 9 });
    layout.y += ROW;
  }
  layout.y += 6;
}

function pictures(layout: Layout, title: string, shown: readonly ProofExample[]): void {
  if (shown.length === 0) return;
  layout.heading(title);
  layout.paragraph(
    'Picture, its mask, what real only found, what the other arm found (maps of the first seed).',
  );
  for (const { file, type, arm, points, strip } of shown) {
    const image = imageOf(strip);
    const height = Math.min(110, (WIDTH * image.height) / image.width);
    const width = (height * image.width) / image.height;
    layout.room(height + 28);
    const change = `${points < 0 ? '' : '+'}${points.toFixed(1)} IoU points`;
    layout.paragraph(`${file}${type === null ? '' : ` (${type})`}: ${change} with ${arm}`, {
      size: 9,
      after: 2,
    });
    layout.page.image(image, MARGIN, layout.y, width, height);
    layout.y += height + 8;
  }
}

function imageOf(dataUrl: string): PdfImage {
  const jpeg = new Uint8Array(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
  return { jpeg, ...jpegSize(jpeg) };
}
