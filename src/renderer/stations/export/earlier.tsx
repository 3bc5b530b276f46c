// Exports of this workspace, and verifying one again.

import { isRunning, startJob, useEngine, useJobs, useMutation, useQuery } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Badge, Button, ErrorNote, ProgressBar } from '../../ui/index.ts';
import { formatBytes } from './format-bytes.ts';

export function Earlier({ product }: { product: string }) {
  const t = useTexts('export');
  const { data, error, reload } = useQuery(['exports', 'earlier', product], ({ engine, signal }) =>
    engine.exports.list({ product }, { signal }),
  );
  return (
    <section className="export-earlier" aria-labelledby="export-earlier">
      <h3 id="export-earlier">{t.earlier}</h3>
      <ErrorNote error={error} retry={reload} />
      {data?.exports.length === 0 && <p className="soft">{t.noneEarlier}</p>}
      {data !== undefined && data.exports.length > 0 && (
        <table className="export-table">
          <thead>
            <tr>
              <th scope="col">{t.columns.when}</th>
              <th scope="col">{t.columns.format}</th>
              <th scope="col" className="export-right">
                {t.columns.pictures}
              </th>
              <th scope="col" className="export-right">
                {t.columns.size}
              </th>
              <th scope="col">{t.columns.folder}</th>
              <th scope="col">{t.columns.state}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {data.exports.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

type Listed = Awaited<ReturnType<ReturnType<typeof useEngine>['exports']['list']>>['exports'][number];

function Row({ row }: { row: Listed }) {
  const t = useTexts('export');
  const language = useLanguage();
  const engine = useEngine();
  const { id, folder, generated, real, there, checked } = row;
  const job = useJobs().find(
    (one) => one.method === 'exports.verify' && one.input.export === id && isRunning(one),
  );
  const verify = useMutation(() =>
    startJob(engine, { method: 'exports.verify', input: { folder, export: id } }),
  );
  const time = (at: number): string =>
    new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  const number = (value: number): string => value.toLocaleString(language);
  return (
    <tr>
      <td>{time(row.createdAt)}</td>
      <td>{t.formats[row.format]}</td>
      <td className="export-right" title={t.generatedAndRealTitle}>
        {t.generatedAndReal(number(generated), number(real))}
      </td>
      <td className="export-right">{formatBytes(row.bytes, language)}</td>
      <td className="path">{folder}</td>
      <td>
        {job !== undefined ? (
          <ProgressBar label={t.verifying} done={job.progress?.done ?? 0} total={job.progress?.total ?? 0} />
        ) : !there ? (
          <span title={t.notThereTitle}>
            <Badge tone="warn">? {t.notThere}</Badge>
          </span>
        ) : checked === null ? (
          <Badge tone="good">✓ {t.verified}</Badge>
        ) : (
          <span title={checked.problem ?? undefined}>
            <Badge tone={checked.ok ? 'good' : 'bad'}>
              {checked.ok ? `✓ ${t.checkedAt(time(checked.at))}` : `✗ ${t.changedAt(time(checked.at))}`}
            </Badge>
          </span>
        )}
        {there && checked?.problem && <div className="small">{checked.problem}</div>}
        <ErrorNote error={verify.error} />
      </td>
      <td>
        <Button disabled={!there || job !== undefined || verify.busy} onClick={() => void verify.run()}>
          {t.verify}
        </Button>
      </td>
    </tr>
  );
}
