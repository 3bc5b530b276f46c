// ReportService: the contact sheets and the one-file report at the end of a demo.

import { join } from 'node:path';
import { atomicWrite, makeFolder } from '../blobs/atomic-write.ts';
import { composeContactSheets } from '../imaging/index.ts';
import type { ReportJob, ReportService, StoredPicture } from '../services.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { ReportPicture, ReportSheet } from './demo-report.ts';
import { type OpenPicture, openPicture, openShots } from './open-pictures.ts';
import { checksOf, reasonsOf } from './picture-checks.ts';
import { renderDemoReport } from './render-demo-report.ts';
import { reportNumbers } from './report-numbers.ts';
import { sheetRow, spread } from './sheet-rows.ts';
import { trainingCurves } from './training-curves.ts';

/** Rows of a sheet, and of one picture of it inside the report, where more would be shrunk until nothing is seen. */
const ROWS = 24;
const REPORT_ROWS = 8;

const WINDOWS_COLUMNS = ['source', 'generated', 'mask', 'nearest real'];
const SEAS_COLUMNS = ['reference', 'generated', 'predicted mask', 'nearest real'];

export const reportService: ReportService = {
  async write(job, signal) {
    await makeFolder(job.out);
    const shots = await openShots(job.shots, signal);
    const open = async (pictures: readonly StoredPicture[]): Promise<OpenPicture[]> => {
      const opened: OpenPicture[] = [];
      for (const picture of pictures) opened.push(await openPicture(picture, shots, signal));
      return opened;
    };
    const windows = await open(job.generated);
    const seas = await open(job.seas);

    const sheet = join(job.out, 'contact-sheet.png');
    const sheets = await writeSheet(sheet, `${job.product}: windows`, WINDOWS_COLUMNS, windows, signal);
    const seasSheet = seas.length === 0 ? null : join(job.out, 'seas-sheet.png');
    if (seasSheet !== null)
      sheets.push(...(await writeSheet(seasSheet, `${job.product}: seas`, SEAS_COLUMNS, seas, signal)));

    const report = join(job.out, 'report.html');
    const html = await renderDemoReport({
      title: `Flawsmith: ${job.product}`,
      subtitle: subtitle(job),
      notes: notes(job),
      numbers: reportNumbers(job),
      curves: trainingCurves(job.numbers),
      pictures: [...windows, ...seas].map(reportPicture),
      sheets,
    });
    await atomicWrite(report, html);
    return { sheet, seasSheet, report };
  },
};

/** Writes the sheet as one file; returns it in the parts that the report shows. */
async function writeSheet(
  file: string,
  title: string,
  columns: readonly string[],
  pictures: readonly OpenPicture[],
  signal: AbortSignal,
): Promise<ReportSheet[]> {
  const rows = spread(pictures, ROWS).map(sheetRow);
  const [whole] = await composeContactSheets(rows, { title, columns, maxRows: ROWS, signal });
  await atomicWrite(file, whole);
  const parts = await composeContactSheets(rows, { title, columns, maxRows: REPORT_ROWS, signal });
  return parts.map((png, i) => ({ title: parts.length === 1 ? title : `${title}, part ${i + 1}`, png }));
}

function reportPicture({ stored, view, mask }: OpenPicture): ReportPicture {
  return {
    id: stored.id,
    type: stored.type ?? 'good',
    generator: stored.generator,
    picture: view,
    mask,
    checks: checksOf(stored),
    flags: reasonsOf(stored),
  };
}

function subtitle({ generated, seas, shots }: ReportJob): string {
  const types = [...new Set(shots.map((shot) => shot.type))].join(', ');
  const made = `${generated.length} pictures by windows, ${seas.length} by seas`;
  return `${made}, from ${shots.length} photos of defects (${types}). Flawsmith ${ENGINE_VERSION}.`;
}

function notes({ seas }: ReportJob): string[] {
  const all = [
    'Pictures by windows: the mask is where the defect was drawn; every pixel beyond it and its rim of at most 4 px is the source.',
    'The views below are cut out around the defects. "Nearest real" shows the training photo a defect resembles most, and how far it is (0 = the same, 1 = nothing in common).',
    'Flagged pictures are not exported unless a person accepts them.',
  ];
  if (seas.length > 0)
    all.push(
      'Pictures by seas are whole new windows: their masks are predicted, not exact, and no pixel is promised to equal the reference.',
    );
  return all;
}
