// All numbers of a proof as tables: differences, metrics, and the generated pictures themselves.

import { PROOF_METRICS } from '../../../core/domain/proof.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { percent, signed } from './format-number.ts';
import type { Proof } from './use-proofs.ts';

export function Compared({ proof: { comparisons } }: { proof: Proof }) {
  const t = useTexts('prove');
  const language = useLanguage();
  if (comparisons.length === 0) return null;
  const number = (value: number): string => signed(value, language);
  return (
    <details className="prove-details">
      <summary>{t.compared}</summary>
      <table className="prove-table">
        <tbody>
          {comparisons.map(({ arm, against, points: { mean, lo, hi } }) => (
            <tr key={`${arm} ${against}`}>
              <th scope="row">{t.comparedRow(t.armNames[arm], t.armNames[against])}</th>
              <td>{t.points(number(mean), number(lo), number(hi))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Numbers({ proof: { params, arms, results } }: { proof: Proof }) {
  const t = useTexts('prove');
  const language = useLanguage();
  if (results.length === 0) return null;
  return (
    <details className="prove-details">
      <summary>{t.table}</summary>
      <table className="prove-table">
        <thead>
          <tr>
            <th scope="col">{t.arm}</th>
            {PROOF_METRICS.map((metric) => (
              <th key={metric} scope="col" title={t.aboutMetric[metric]}>
                {t.metrics[metric]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {params.arms.map((arm) => (
            <tr key={arm}>
              <th scope="row">{t.armNames[arm]}</th>
              {PROOF_METRICS.map((metric) => {
                const { mean = null, lo = null, hi = null } = arms[arm]?.[metric] ?? {};
                return (
                  <td key={metric}>
                    {mean === null ? '–' : percent(mean, language)}
                    {lo !== null && hi !== null && (
                      <span className="small soft prove-range">
                        {percent(lo, language)}–{percent(hi, language)}
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Quality({ proof: { quality } }: { proof: Proof }) {
  const t = useTexts('prove');
  const language = useLanguage();
  if (quality.length === 0) return null;
  const columns = t.qualityColumns;
  const plain = (value: number | null): string =>
    value === null ? '–' : value.toLocaleString(language, { maximumSignificantDigits: 3 });
  const share = (value: number | null): string => (value === null ? '–' : `${percent(value, language)} %`);
  return (
    <details className="prove-details">
      <summary>{t.quality}</summary>
      <p className="small soft">{t.qualityText}</p>
      <table className="prove-table">
        <thead>
          <tr>
            {Object.entries(columns).map(([key, title]) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {quality.map((row) => (
            <tr key={row.generator}>
              <th scope="row">{row.generator}</th>
              <td>{row.pictures.toLocaleString(language)}</td>
              <td>{plain(row.kid)}</td>
              <td>{plain(row.diversity)}</td>
              <td>{share(row.memorised)}</td>
              <td>{share(row.agreement)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
