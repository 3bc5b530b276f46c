// What was recognised in a folder: its layout and why, and a table of kinds by split.

import { useTexts } from '../../texts/index.ts';
import { Badge } from '../../ui/index.ts';
import { CountTable } from './count-table.tsx';
import type { Report } from './use-dry-run.ts';

export function ImportReport({ report, titled }: { report: Report; titled: boolean }) {
  const t = useTexts('pictures');
  return (
    <section className="stack" aria-label={report.product}>
      {titled && <h3>{report.product}</h3>}
      <div className="toolbar">
        <Badge>{t.layout(report.layout)}</Badge>
        <Badge>{t.masksFound(report.masks)}</Badge>
        {report.unchanged > 0 && <Badge>{t.unchangedOnes(report.unchanged)}</Badge>}
        {report.changed > 0 && <Badge>{t.changedOnes(report.changed)}</Badge>}
        {report.rejected > 0 && <Badge tone="bad">{t.refusedOnes(report.rejected)}</Badge>}
      </div>
      <p className="small soft">{report.why}</p>
      <CountTable counts={report.splits} />
    </section>
  );
}
