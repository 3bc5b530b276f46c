// Step 3: what will be written, what stands in the way, and the button.

import { type Query, useQuery } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ICONS, Icon } from '../../ui/index.ts';
import type { contentsOf } from './choice.ts';
import { formatBytes } from './format-bytes.ts';

interface GoProps {
  preflight: Query<Preflight | null>;
  busy: boolean;
  error: unknown;
  onName(name: string): void;
  onStart(): void;
}

export type Preflight = NonNullable<ReturnType<typeof usePreflight>['data']>;
type Finding = Preflight['findings'][number];

const IN_BYTES = new Set(['space', 'file-size']);

/** Null before a place is chosen. */
export function usePreflight(contents: ReturnType<typeof contentsOf>, parent: string | null, name: string) {
  const key = JSON.stringify([contents, parent, name]);
  return useQuery(['exports', 'preflight', key], async ({ engine, signal }) =>
    parent === null ? null : engine.exports.preflight({ ...contents, parent, name }, { signal }),
  );
}

export function isReady(preflight: Preflight | null | undefined): preflight is Preflight {
  return preflight?.findings.every(({ level }) => level !== 'stop') ?? false;
}

export function Go({ preflight, busy, error, onName, onStart }: GoProps) {
  const t = useTexts('export');
  const language = useLanguage();
  const { data } = preflight;
  return (
    <section className="export-step" aria-labelledby="export-go">
      <h2 id="export-go">
        <span className="export-number">3</span>
        {t.go}
      </h2>
      {data === null && <p className="soft">{t.noneChosen}</p>}
      {data === undefined && !preflight.error && <p className="soft">{t.checking}</p>}
      <ErrorNote error={preflight.error} retry={preflight.reload} />
      {data != null && (
        <>
          <p>
            {t.summary(
              [data.generated > 0 && t.accepted(data.generated), t.real(data.real)]
                .filter(Boolean)
                .join(' + '),
              formatBytes(data.bytes, language),
            )}
          </p>
          <p className="path">{data.out}</p>
          <Findings findings={data.findings} level="stop" onName={onName} />
          <Findings findings={data.findings} level="warn" onName={onName} />
          {data.findings.length === 0 && (
            <p className="export-ready">
              <Icon path={OK} size={18} /> {t.ready}
            </p>
          )}
        </>
      )}
      <span className="grow" />
      <ErrorNote error={error} />
      <Button look="primary" large disabled={busy || !isReady(data)} onClick={onStart}>
        {t.start}
      </Button>
    </section>
  );
}

export const OK = 'M4 12.5l5 5L20 6.5';

function Findings({
  findings,
  level,
  onName,
}: {
  findings: readonly Finding[];
  level: Finding['level'];
  onName(name: string): void;
}) {
  const t = useTexts('export');
  const shown = findings.filter((finding) => finding.level === level);
  if (shown.length === 0) return null;
  return (
    <section
      className={level === 'stop' ? 'note' : 'note warn'}
      aria-label={level === 'stop' ? t.stopsTitle : t.warnsTitle}
    >
      <Icon path={ICONS.warn} />
      <ul className="export-findings">
        {shown.map((finding) => (
          <Remark key={finding.code} finding={finding} onName={onName} />
        ))}
      </ul>
    </section>
  );
}

function Remark({ finding, onName }: { finding: Finding; onName(name: string): void }) {
  const t = useTexts('export');
  const language = useLanguage();
  const { level, code, other } = finding;
  const number = (value: number | null): string =>
    value === null ? '' : IN_BYTES.has(code) ? formatBytes(value, language) : value.toLocaleString(language);
  const [what, then] = (level === 'stop' ? t.stops : t.warns)[code]({
    file: finding.file ?? '',
    other: other ?? '',
    count: number(finding.count),
    limit: number(finding.limit),
  });
  const renames = other !== null && (code === 'exists' || code === 'bad-name');
  return (
    <li>
      <div className="note-title">{what}</div>
      <div className="small">{then}</div>
      {renames && <Button onClick={() => onName(other)}>{t.nameIt(other)}</Button>}
    </li>
  );
}
