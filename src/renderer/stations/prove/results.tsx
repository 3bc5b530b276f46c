// The proofs of the product, and what the chosen one says.

import { useState } from 'react';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { EmptyState, ErrorNote, ProgressBar } from '../../ui/index.ts';
import { ProofView } from './proof-view.tsx';
import { station } from './station.ts';
import { type ProofRow, useProofs } from './use-proofs.ts';

export function Results({ product }: { product: string }) {
  const t = useTexts('prove');
  const { proofs, loading, error, reload, jobOf, beginning } = useProofs(product);
  const [chosen, choose] = useState<string | null>(null);
  const proof =
    proofs.find(({ id }) => id === chosen) ?? proofs.find(({ id }) => jobOf(id) !== null) ?? proofs[0];
  return (
    <section className="prove-results" aria-label={t.proofs}>
      <ErrorNote error={error} retry={reload} />
      {beginning !== null && (
        <div className="prove-beginning" role="status">
          <span>{t.checking}</span>
          <ProgressBar label={t.checking} done={0} total={0} />
        </div>
      )}
      {proofs.length > 1 && (
        <nav className="prove-list" aria-label={t.proofs}>
          {proofs.map((row) => (
            <ProofTab
              key={row.id}
              row={row}
              running={jobOf(row.id) !== null}
              chosen={row.id === proof?.id}
              onChoose={() => choose(row.id)}
            />
          ))}
        </nav>
      )}
      {proof !== undefined ? (
        <ProofView key={proof.id} row={proof} job={jobOf(proof.id)} />
      ) : (
        !loading &&
        beginning === null && <EmptyState icon={station.icon} title={t.noProofs} text={t.noProofsText} />
      )}
    </section>
  );
}

interface ProofTabProps {
  row: ProofRow;
  running: boolean;
  chosen: boolean;
  onChoose(): void;
}

function ProofTab({ row, running, chosen, onChoose }: ProofTabProps) {
  const t = useTexts('prove');
  const language = useLanguage();
  const { params, createdAt, state } = row;
  const time = new Date(createdAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <button type="button" className="prove-tab" aria-pressed={chosen} onClick={onChoose}>
      <strong>{t.proofName(params.shots, t.presets[params.preset])}</strong>
      <span className="small soft">
        {time} · {running ? t.states.running : (t.states[state] ?? state)}
      </span>
    </button>
  );
}
