// The report of a proof as one HTML file: inline style, pictures as data, no script, nothing fetched.

import { PROOF_METRICS } from '../../core/domain/proof.ts';
import { escapeHtml, table } from '../reports/html.ts';
import { barsSvg } from './bars-svg.ts';
import type { ProofDetails } from './details.ts';
import type { ProofExample } from './examples.ts';
import {
  ARM_TEXT,
  comparisonText,
  METRIC_DEFINITIONS,
  METRIC_NAMES,
  SHOWN_METRICS,
  shownArms,
  summaryText,
  testedText,
  unknownText,
} from './report-content.ts';

const CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const STYLE = `
body { font: 15px/1.5 system-ui, "Segoe UI", sans-serif; color: #1b1f24; background: #fff; margin: 0 auto; max-width: 1000px; padding: 24px; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 36px 0 10px; } .sub { color: #57606a; margin: 4px 0 20px; }
.verdict { font-size: 20px; font-weight: 600; border-left: 4px solid #0b62a4; padding: 8px 14px; margin: 20px 0; }
table { border-collapse: collapse; } th, td { border-bottom: 1px solid #d8dce0; padding: 4px 10px; text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; } th { font-weight: 600; } .scroll { overflow-x: auto; }
figure { margin: 0 0 18px; break-inside: avoid; } figcaption { font-weight: 600; } svg { width: 100%; max-width: 760px; font: 12px sans-serif; fill: #1b1f24; }
.strip { max-width: 100%; border: 1px solid #d8dce0; } @media print { body { max-width: none; } }
`;

const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;

/** The whole file as text (UTF-8). */
export function renderProofReport(proof: ProofDetails): string {
  const title = escapeHtml(`Do generated pictures help? ${proof.product}`);
  const unknown = unknownText(proof);
  const when = new Date(proof.updatedAt).toISOString().slice(0, 16).replace('T', ' ');
  const sections = [
    `<h1>${title}</h1><p class="sub">Proof ${proof.id}, preset ${proof.params.preset}, ${when} UTC</p>`,
    `<p class="verdict">${escapeHtml(proof.verdict ?? '')}</p>`,
    `<h2>What was compared</h2>${list(testedText(proof))}`,
    unknown.length > 0 ? `<h2>What was not known</h2>${list(unknown)}` : '',
    `<h2>Results</h2><p>In percent; a bar is the mean over seeds, dots are the seeds, the line is the 95 % interval.</p>${bars(proof)}`,
    `<h2>Differences in IoU points</h2>${list(proof.comparisons.map(comparisonText))}`,
    `<h2>All figures</h2>${figures(proof)}`,
    quality(proof),
    examples('Where it helped', proof.helped),
    examples('Where it hurt', proof.hurt),
    `<h2>Definitions</h2>${definitions()}`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body>
${sections.filter((s) => s !== '').join('\n')}
</body></html>
`;
}

function bars(proof: ProofDetails): string {
  return SHOWN_METRICS.map((metric) =>
    barsSvg(
      METRIC_NAMES[metric],
      shownArms(proof).map(({ arm, summary }) => ({
        arm,
        value: summary[metric],
        text: summaryText(summary[metric]),
      })),
    ),
  ).join('\n');
}

function figures(proof: ProofDetails): string {
  const rows = shownArms(proof).map(({ arm, summary }) => [
    escapeHtml(arm),
    ...PROOF_METRICS.map((metric) => escapeHtml(summaryText(summary[metric]))),
  ]);
  return table(['arm', ...PROOF_METRICS.map((metric) => METRIC_NAMES[metric])], rows);
}

function quality(proof: ProofDetails): string {
  if (proof.quality.length === 0) return '';
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  const rows = proof.quality.map((q) => [
    escapeHtml(q.generator),
    String(q.pictures),
    number(q.kid, 4),
    number(q.diversity, 4),
    q.memorised === null ? '-' : `${Math.round(100 * q.memorised)} %`,
    q.agreement === null ? '-' : `${Math.round(100 * q.agreement)} %`,
  ]);
  const note =
    "Kernel distance to the real training windows (smaller is nearer) and diversity within the nearest real defect (larger is more varied) are measured on the base pack's own encoder, not on the papers' networks: compare them within this report only. Near copies: pictures whose defect is nearer to a training defect than those are to each other. Change in mask: how much of the mask shows a visible change.";
  const head = ['generator', 'pictures', 'kernel distance', 'diversity', 'near copies', 'change in mask'];
  return `<h2>The pictures themselves</h2>${table(head, rows)}<p>${escapeHtml(note)}</p>`;
}

function examples(title: string, shown: readonly ProofExample[]): string {
  if (shown.length === 0) return '';
  const figures = shown.map(({ file, type, arm, points, strip }) => {
    const change = `${points < 0 ? '' : '+'}${points.toFixed(1)} IoU points`;
    const caption = escapeHtml(`${file}${type === null ? '' : ` (${type})`}: ${change} with ${arm}`);
    return `<figure><figcaption>${caption}</figcaption><img class="strip" alt="${caption}" src="${strip}"></figure>`;
  });
  return `<h2>${escapeHtml(title)}</h2><p>Picture, its mask, what real only found, what the other arm found (maps of the first seed).</p>${figures.join('\n')}`;
}

function definitions(): string {
  const terms = [
    ...Object.entries(ARM_TEXT),
    ...PROOF_METRICS.map((metric) => [METRIC_NAMES[metric], METRIC_DEFINITIONS[metric]]),
  ];
  return `<dl>${terms.map(([term, text]) => `<dt><b>${escapeHtml(term)}</b></dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`;
}
