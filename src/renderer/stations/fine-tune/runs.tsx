// The right side: the fine-tunes of the product, and what one of them shows.

import { useLanguage, useTexts } from '../../texts/index.ts';
import { EmptyState, ErrorNote } from '../../ui/index.ts';
import { RunView } from './run-view.tsx';
import { station } from './station.ts';
import { type ShownRun, useTrainRuns } from './use-train-runs.ts';

interface RunsProps {
  product: string;
  chosen: string | null;
  onChoose(key: string | null): void;
}

export function Runs({ product, chosen, onChoose }: RunsProps) {
  const t = useTexts('fine-tune');
  const { runs, query } = useTrainRuns(product);
  const run =
    runs.find(({ key, job }) => key === chosen || job?.id === chosen) ??
    runs.find(({ state }) => state === 'running') ??
    runs[0];
  return (
    <section className="fine-tune-runs" aria-label={t.watch}>
      <ErrorNote error={query.error} retry={query.reload} />
      {run !== undefined ? (
        <>
          <RunList runs={runs} chosen={run.key} onChoose={onChoose} />
          <RunView key={run.key} shown={run} />
        </>
      ) : (
        !query.loading &&
        query.error === null && <EmptyState icon={station.icon} title={t.noRuns} text={t.noRunsText} />
      )}
    </section>
  );
}

function RunList({
  runs,
  chosen,
  onChoose,
}: {
  runs: readonly ShownRun[];
  chosen: string;
  onChoose(key: string): void;
}) {
  const t = useTexts('fine-tune');
  const language = useLanguage();
  const time = (at: number): string =>
    new Date(at).toLocaleString(language, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    });
  const preset = (name: string): string => t.presets[name as keyof typeof t.presets] ?? name;
  return (
    <nav className="fine-tune-list" aria-label={t.runs}>
      {runs.map((run) => (
        <button
          key={run.key}
          type="button"
          className="fine-tune-run"
          aria-pressed={run.key === chosen}
          onClick={() => onChoose(run.key)}
        >
          <strong>{`${t.methodNames[run.method] ?? run.method} · ${preset(run.preset)}`}</strong>
          <span className="small soft">
            {time(run.createdAt)} · {run.state === 'waiting' ? t.waiting : (t.states[run.state] ?? run.state)}
          </span>
        </button>
      ))}
    </nav>
  );
}
