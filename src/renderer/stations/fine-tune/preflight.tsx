// What would spoil the result, each with the way out of it; and the pictures that are learned from.

import type { Ref } from 'react';
import type { Finding } from '../../../contract/methods/training.ts';
import { invalidate, useStored } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Badge, Button, ErrorNote, ICONS, Icon } from '../../ui/index.ts';
import { useOpenInLabel } from '../open-in-label.ts';
import { useGoTo } from '../use-go-to.ts';
import type { Change } from './choice.ts';
import { formatBytes } from './sizes.ts';
import type { Preflight } from './use-forecast.ts';

interface PreflightProps {
  /** The heading: what leads here puts the focus on it. */
  ref: Ref<HTMLHeadingElement>;
  product: string;
  preflight: Preflight | undefined;
  error: unknown;
  reload(): void;
  change: Change;
}

const SMALL_RANK = 8;

export function PreflightList({ ref, product, preflight, error, reload, change }: PreflightProps) {
  const t = useTexts('fine-tune');
  const findings = preflight?.findings ?? [];
  return (
    <section
      className="fine-tune-section"
      aria-labelledby="fine-tune-check"
      aria-busy={preflight === undefined}
    >
      <h3 id="fine-tune-check" ref={ref} tabIndex={-1}>
        {t.check}
      </h3>
      <ErrorNote error={error} retry={reload} />
      {preflight === undefined && !error && <p className="small soft">{t.checking}</p>}
      {preflight !== undefined && findings.length === 0 && (
        <p className="fine-tune-good">
          <span aria-hidden="true">✓</span> {t.allGood}
        </p>
      )}
      <ul className="fine-tune-findings">
        {findings.map((finding) => (
          <FindingRow
            key={`${finding.code} ${finding.type}`}
            finding={finding}
            product={product}
            change={change}
          />
        ))}
      </ul>
    </section>
  );
}

function FindingRow({ finding, product, change }: { finding: Finding; product: string; change: Change }) {
  const t = useTexts('fine-tune');
  const language = useLanguage();
  const fix = useFix(finding, product, change);
  const { code, stops, type, pictures } = finding;
  const facts = { ...inWords(finding, language), type: type ?? '' };
  const files = pictures.map(({ file }) => file).join('\n');
  return (
    <li className={stops ? 'fine-tune-finding stops' : 'fine-tune-finding'} title={files || undefined}>
      <Icon path={ICONS.warn} />
      <div className="grow stack">
        {stops && <Badge tone="bad">{t.stopsRun}</Badge>}
        <span>{t.findings[code]?.(facts) ?? code}</span>
        {finding.fix !== null && (
          <span>
            <Button onClick={fix}>{t.fixes[finding.fix]}</Button>
          </span>
        )}
      </div>
    </li>
  );
}

/** Numbers of bytes as sizes; the engine's own sentence without its last full stop. */
function inWords({ facts }: Finding, language: string): Record<string, string | number> {
  const sizes = new Set(['bytes', 'free', 'needed', 'budget']);
  const isSize = 'bytes' in facts || 'folder' in facts;
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      isSize && sizes.has(name) && typeof value === 'number' ? formatBytes(value, language) : value,
    ]),
  );
}

/** Leads there, or does it. */
function useFix(finding: Finding, product: string, change: Change): () => void {
  const goTo = useGoTo();
  const open = useOpenInLabel(product);
  const [, setFilter] = useStored<string>('label.filter', 'all');
  const { fix, code, pictures } = finding;
  return () => {
    if (fix === 'adapters') change({ adapterRank: SMALL_RANK });
    else if (fix === 'auto-device') change({ device: 'auto' });
    else if (fix === 'embedded-pack') change({ pack: '' });
    else if (fix === 'pictures') goTo('pictures');
    else if (fix === 'again') invalidate('training', 'preflight');
    else {
      setFilter(code === 'unlabelled' ? 'unlabelled' : 'all');
      if (pictures.length > 0) open(pictures[0].id);
      else goTo('label');
    }
  };
}
