// One proof: how far it is, the verdict, bars per metric, where it helped and hurt, the numbers, the report.

import type { JobInfo } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { ErrorNote } from '../../ui/index.ts';
import { Bars } from './bars.tsx';
import { Controls } from './controls.tsx';
import { Examples } from './examples.tsx';
import { Compared, Numbers, Quality } from './numbers.tsx';
import { Report } from './report.tsx';
import { type ProofRow, useProof } from './use-proofs.ts';
import { Verdict } from './verdict.tsx';

/** What a plant asks first; the rest stands in the table. */
const SHOWN = ['iou', 'pro', 'imageAuroc', 'pixelAp'] as const;

export function ProofView({ row, job }: { row: ProofRow; job: JobInfo | null }) {
  const t = useTexts('prove');
  const { data: proof, error, reload } = useProof(row.id, job);
  if (proof === undefined) return <ErrorNote error={error} retry={reload} />;
  const { conclusion } = proof;
  return (
    <div className="prove-proof">
      <Controls proof={proof} job={job} />
      {conclusion !== null && <Verdict conclusion={conclusion} />}
      {(proof.results.length > 0 || job !== null) && (
        <>
          <section className="prove-metrics" aria-label={conclusion === null ? t.live : t.metric}>
            {SHOWN.map((metric) => (
              <Bars key={metric} metric={metric} proof={proof} />
            ))}
          </section>
          <p className="small soft">{t.intervals}</p>
        </>
      )}
      {conclusion !== null && (
        <>
          <Examples title={t.helped} none={t.noneHelped} examples={proof.helped} />
          <Examples title={t.hurt} none={t.noneHurt} examples={proof.hurt} />
        </>
      )}
      <Compared proof={proof} />
      <Numbers proof={proof} />
      <Quality proof={proof} />
      {conclusion !== null && <Report id={proof.id} />}
    </div>
  );
}
