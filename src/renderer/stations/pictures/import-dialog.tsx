// What an import would do, before anything is written: layout, counts, and every problem with its reason.

import { useEffect, useState } from 'react';
import { startJob, useEngine } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Checkbox, Dialog, ErrorNote, ProgressBar, showError, TextField } from '../../ui/index.ts';
import { ImportReport } from './import-report.tsx';
import { ProblemList } from './problem-list.tsx';
import type { Source } from './use-drop.ts';
import { useDryRun } from './use-dry-run.ts';

interface ImportDialogProps {
  source: Source;
  /** `jobs`: what was begun, none where it was cancelled. */
  onClose(jobs: readonly string[]): void;
}

export function ImportDialog({ source, onClose }: ImportDialogProps) {
  const t = useTexts('pictures');
  const common = useTexts('common');
  const engine = useEngine();
  const [name, setName] = useState('');
  const [groupBy, setGroupBy] = useState('');
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [skipBad, setSkipBad] = useState(true);
  const [begun, setBegun] = useState(false);
  const named = name.trim() === '' ? null : [name.trim()];
  const groups = groupBy.trim() || undefined;
  const run = useDryRun(source.path, { products: chosen ?? named, groupBy: groups });
  const { reports, problems, progress, error, choices } = run;
  useEffect(() => {
    if (choices !== null) setChosen((now) => now ?? choices);
  }, [choices]);

  const sum = (of: (report: (typeof reports)[number]) => number): number =>
    reports.reduce((n, report) => n + of(report), 0);
  const rejected = sum((report) => report.rejected);
  const coming = sum((report) => report.added + report.changed);
  const ready = reports.length > 0;
  const reading = !ready && !error && chosen?.length !== 0;

  const accept = async (): Promise<void> => {
    setBegun(true);
    const jobs: string[] = [];
    try {
      for (const product of chosen ?? named ?? [undefined]) {
        const input = {
          source: source.path,
          layout: 'auto' as const,
          dryRun: false,
          skipBad: rejected > 0,
          product,
          groupBy: groups,
        };
        jobs.push(await startJob(engine, { method: 'datasets.import', input }));
      }
    } catch (failure) {
      showError(failure);
    }
    onClose(jobs);
  };
  return (
    <Dialog
      title={t.importTitle}
      wide
      onClose={() => onClose([])}
      foot={
        <>
          <span className="grow small soft">{t.sourceUntouched}</span>
          <Button onClick={() => onClose([])}>{common.cancel}</Button>
          <Button
            look="primary"
            disabled={begun || !ready || coming === 0 || (rejected > 0 && !skipBad)}
            onClick={() => void accept()}
          >
            {!ready ? t.accept : coming === 0 ? t.nothingNew : t.acceptSome(coming)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <div className="path">{source.shown}</div>
        {chosen !== null && choices !== null && (
          <fieldset className="pictures-products">
            <legend>{t.severalProducts(choices.length)}</legend>
            {choices.map((product) => (
              <Checkbox
                key={product}
                label={product}
                checked={chosen.includes(product)}
                onValue={(on) => setChosen(choices.filter((c) => (c === product ? on : chosen.includes(c))))}
              />
            ))}
          </fieldset>
        )}
        <ErrorNote error={error} />
        {reading && (
          <div className="stack" role="status">
            <span>{t.reading(progress.done)}</span>
            <ProgressBar label={t.importTitle} done={progress.done} total={progress.total} />
          </div>
        )}
        {reports.map((report) => (
          <ImportReport key={report.product} report={report} titled={reports.length > 1} />
        ))}
        {source.refused.length > 0 && (
          <div className="note warn">
            <div>
              <div className="note-title">{t.notSent(source.refused.length)}</div>
              <div className="path small">{source.refused.slice(0, 10).join(', ')}</div>
            </div>
          </div>
        )}
        {problems.length > 0 && <ProblemList problems={problems} />}
        {rejected > 0 && <Checkbox label={t.leaveOut(rejected)} checked={skipBad} onValue={setSkipBad} />}
        <div className="pictures-import-options">
          {chosen === null && (
            <TextField
              label={t.productName}
              hint={t.productHint}
              placeholder={reports[0]?.product}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
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
