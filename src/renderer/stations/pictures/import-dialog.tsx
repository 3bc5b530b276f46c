// What an import would do, before anything is written: layout, counts, and every problem with its reason.

import { useEffect, useState } from 'react';
import type { FlawsmithClient } from '../../../contract/contract.ts';
import type { StepEvent } from '../../../contract/events.ts';
import { startJob, useEngine } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import {
  Badge,
  Button,
  Checkbox,
  Dialog,
  ErrorNote,
  ProgressBar,
  showError,
  TextField,
} from '../../ui/index.ts';

type Problem = Extract<StepEvent, { event: 'problem' }>;
type ImportEvent =
  Awaited<ReturnType<FlawsmithClient['datasets']['import']>> extends AsyncIterable<infer E> ? E : never;
type Report = Extract<ImportEvent, { event: 'result' }>;

/** Problems beyond this are counted, not listed. */
const MOST_LISTED = 500;

export function ImportDialog({ source, onClose }: { source: string; onClose(): void }) {
  const t = useTexts('pictures');
  const common = useTexts('common');
  const engine = useEngine();
  const [product, setProduct] = useState('');
  const [groupBy, setGroupBy] = useState('');
  const [skipBad, setSkipBad] = useState(true);
  const options = { product: product.trim() || undefined, groupBy: groupBy.trim() || undefined };
  const { report, problems, progress, error } = useDryRun(source, options);
  const rejected = report?.rejected ?? 0;
  const nothing = report !== null && report.added + report.changed === 0;

  const accept = (): void => {
    const input = { source, layout: 'auto' as const, dryRun: false, skipBad: rejected > 0, ...options };
    startJob(engine, { method: 'datasets.import', input }).then(onClose, showError);
  };
  return (
    <Dialog
      title={t.importTitle}
      wide
      onClose={onClose}
      foot={
        <>
          <span className="grow small soft">{t.sourceUntouched}</span>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            look="primary"
            disabled={report === null || nothing || (rejected > 0 && !skipBad)}
            onClick={accept}
          >
            {report === null ? t.accept : t.acceptSome(report.added + report.changed)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <div className="path">{source}</div>
        <ErrorNote error={error} />
        {report === null && !error && (
          <div className="stack" role="status">
            <span>{t.reading(progress.done)}</span>
            <ProgressBar label={t.importTitle} done={progress.done} total={progress.total} />
          </div>
        )}
        {report !== null && <ReportView report={report} />}
        {problems.length > 0 && <ProblemList problems={problems} />}
        {rejected > 0 && <Checkbox label={t.leaveOut(rejected)} checked={skipBad} onValue={setSkipBad} />}
        <div className="pictures-import-options">
          <TextField
            label={t.productName}
            hint={t.productHint}
            placeholder={report?.product}
            value={product}
            onChange={(event) => setProduct(event.target.value)}
          />
          <TextField
            label={t.groupBy}
            hint={t.groupHint}
            placeholder="part(\d+)"
            value={groupBy}
            onChange={(event) => setGroupBy(event.target.value)}
          />
        </div>
      </div>
    </Dialog>
  );
}

function ReportView({ report }: { report: Report }) {
  const t = useTexts('pictures');
  return (
    <div className="stack">
      <p>{report.why}</p>
      <div className="toolbar">
        <Badge>{t.layout(report.layout)}</Badge>
        <Badge tone="good">{t.goodOnes(report.normals)}</Badge>
        {report.types.map((type) => (
          <Badge key={type.name}>{`${type.name} ${type.count}`}</Badge>
        ))}
        {report.unlabelled > 0 && <Badge>{t.unlabelledOnes(report.unlabelled)}</Badge>}
        {report.unchanged > 0 && <Badge>{t.unchangedOnes(report.unchanged)}</Badge>}
        {report.rejected > 0 && <Badge tone="bad">{t.refusedOnes(report.rejected)}</Badge>}
      </div>
    </div>
  );
}

function ProblemList({ problems }: { problems: readonly Problem[] }) {
  const t = useTexts('pictures');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="pictures-problems" aria-label={t.problems} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th>{t.what}</th>
            <th>{t.file}</th>
            <th>{t.reason}</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, MOST_LISTED).map((problem, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows
            <tr key={i}>
              <td>
                <Badge tone={problem.level === 'reject' ? 'bad' : 'warn'}>
                  {problem.level === 'reject' ? t.left : t.remark}
                </Badge>
              </td>
              <td className="path">{problem.file}</td>
              <td>
                {problem.message} <span className="soft">{problem.hint}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.length > MOST_LISTED && <p>{t.more(problems.length - MOST_LISTED)}</p>}
    </section>
  );
}

function useDryRun(source: string, { product, groupBy }: { product?: string; groupBy?: string }) {
  const engine = useEngine();
  const [state, setState] = useState<{ report: Report | null; problems: Problem[]; error: unknown }>({
    report: null,
    problems: [],
    error: null,
  });
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      const problems: Problem[] = [];
      setState({ report: null, problems: [], error: null });
      try {
        const input = { source, layout: 'auto' as const, dryRun: true, skipBad: true, product, groupBy };
        for await (const event of await engine.datasets.import(input, { signal: stop.signal })) {
          if (event.event === 'progress') setProgress(event);
          else if (event.event === 'problem') problems.push(event);
          else if (event.event === 'result') setState({ report: event, problems, error: null });
        }
      } catch (error) {
        if (!stop.signal.aborted) setState({ report: null, problems, error });
      }
    };
    // Typing goes on for a moment before it is read again.
    const timer = setTimeout(read, product || groupBy ? 500 : 0);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [engine, source, product, groupBy]);
  return { ...state, progress };
}
