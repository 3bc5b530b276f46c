// How long it will take, from detectors that were trained with this preset before.

import type { ProofPreset } from '../../../core/domain/proof.ts';
import { useQuery } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { formatSeconds } from '../../ui/format-time.ts';

export function Time({ preset, detectors }: { preset: ProofPreset; detectors: number }) {
  const t = useTexts('prove');
  const { data } = useQuery(['prove', 'time', preset], async ({ engine, signal }) => {
    const { proofs } = await engine.prove.list({}, { signal });
    const known = proofs.find((proof) => proof.params.preset === preset && proof.cellsDone > 0);
    if (known === undefined) return null;
    const { results } = await engine.prove.get({ id: known.id }, { signal });
    return { mean: results.reduce((sum, one) => sum + one.seconds, 0) / results.length, of: results.length };
  });
  return (
    <p className="small">
      <strong>{t.detectors(detectors)}</strong>
      {', '}
      {data ? (
        <>
          {t.takes(formatSeconds(data.mean * detectors))}{' '}
          <span className="soft">({t.measured(data.of)})</span>
        </>
      ) : (
        <span className="soft">{t.takesUnknown}</span>
      )}
    </p>
  );
}
