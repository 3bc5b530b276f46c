// One base pack: what it is, what it needs, what its licence forbids, and the licence itself.

import { useQuery } from '../../api/use-query.ts';
import { useTexts } from '../../texts/index.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { ICONS, Icon } from '../../ui/icon.tsx';
import { aboutPack, type PackAbout } from './describe.ts';

export function PackAboutPane({ name }: { name: string }) {
  const t = useTexts('packs');
  const { data, error, loading } = useQuery(['packs', 'inspect', name], ({ engine, signal }) =>
    engine.packs.inspect({ pack: name }, { signal }),
  );
  if (error !== null && error !== undefined) return <ErrorNote error={error} />;
  if (data === undefined) return <p role="status">{loading ? t.reading : ''}</p>;
  const about = aboutPack(data.details);
  return (
    <section className="pack-about stack" aria-label={t.about(data.pack.name)}>
      <h3>{data.pack.name}</h3>
      <div className="path soft">{data.pack.path}</div>
      <Facts about={about} />
      <Licence licence={about.licence} />
    </section>
  );
}

function Facts({ about }: { about: PackAbout }) {
  const t = useTexts('packs');
  const { what, parameters, workingSize, bytes, memory, assumed } = about;
  const facts: [string, string][] = [
    [t.what, what],
    [t.parameters, t.millions(parameters / 1e6)],
    [t.size, t.pixels(workingSize)],
    [t.onDisk, t.bytes(bytes)],
    ...(memory === null
      ? []
      : ([
          [t.toSample, t.bytes(memory.sampling)],
          [t.toAdapt, t.bytes(memory.adapters)],
          [t.toTrain, t.bytes(memory.training)],
        ] as [string, string][])),
  ];
  return (
    <>
      <dl className="pack-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {memory === null && <p className="small soft">{t.memoryByJob}</p>}
      {assumed.length > 0 && <p className="small soft">{t.assumed(assumed.join('; '))}</p>}
    </>
  );
}

function Licence({ licence }: { licence: PackAbout['licence'] }) {
  const t = useTexts('packs');
  const { title, text, file, reading } = licence;
  return (
    <div className="stack">
      <h4>{t.licence(title === 'not stated' || title === '' ? t.notStated : title)}</h4>
      <p className={reading.kind === 'permissive' ? '' : 'pack-kind'}>
        {reading.kind !== 'permissive' && <Icon path={ICONS.warn} size={18} />}
        <span>{t.kinds[reading.kind]}</span>
      </p>
      {reading.forbids.length > 0 && <Terms title={t.forbids} terms={reading.forbids} />}
      {reading.asks.length > 0 && <Terms title={t.asks} terms={reading.asks} />}
      {text !== null && (
        <details>
          <summary>{t.text}</summary>
          {file !== null && <div className="path soft">{file}</div>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <section className="pack-text" tabIndex={0} aria-label={t.text}>
            {text}
          </section>
        </details>
      )}
      <p className="small soft">{t.noAdvice}</p>
    </div>
  );
}

function Terms({ title, terms }: { title: string; terms: PackAbout['licence']['reading']['forbids'] }) {
  const t = useTexts('packs');
  return (
    <div>
      <strong>{title}</strong>
      <ul className="pack-terms">
        {terms.map((term) => (
          <li key={term}>{t.terms[term]}</li>
        ))}
      </ul>
    </div>
  );
}
