// One picture, large: its mask over it, its facts, what belongs together with it, and the range shown of 16 bit.

import type { PictureInfo } from '../../../contract/methods/pictures.ts';
import { FOREGROUND_LAYER } from '../../../core/labels/step.ts';
import { mediaUrl, useQuery, useStored } from '../../api/index.ts';
import { useLanguage, useTexts } from '../../texts/index.ts';
import { Badge, Button, Checkbox, ErrorNote, ImageView, Picture, useKeys } from '../../ui/index.ts';
import { useOpenInLabel } from '../open-in-label.ts';
import { useWindowLevel, WindowLevelBar } from './window-level.tsx';

interface DetailProps {
  product: string;
  picture: PictureInfo;
  onShow(file: string): void;
}

/** Members of a set that are shown small. */
const MOST_SHOWN = 12;

export function Detail({ product, picture, onShow }: DetailProps) {
  const t = useTexts('pictures');
  const [masked, setMasked] = useStored<boolean>('pictures.mask', true);
  const openInLabel = useOpenInLabel(product);
  const { id, file, width, height, bitDepth, maskAreaPx, flags } = picture;
  const { data: facts, error } = useQuery(['pictures', 'facts', id], ({ engine, signal }) =>
    engine.pictures.facts({ id }, { signal }),
  );
  const levels = facts?.levels ?? null;
  const deep = bitDepth > 8;
  const window = useWindowLevel(product, levels);
  const { low, high } = window.range ?? {};
  const view = deep && low !== undefined ? { low, high, ...(window.moving && { size: 512 as const }) } : {};
  const overlays = masked && maskAreaPx !== null ? [{ src: mediaUrl({ kind: 'picture-mask', id }) }] : [];
  useKeys(t.title, [
    { keys: 'H', title: t.showMask, run: () => setMasked(!masked) },
    { keys: 'L', title: t.openInLabel, run: () => openInLabel(id) },
    ...(deep ? [{ keys: 'A', title: t.auto, run: window.auto }] : []),
  ]);
  return (
    <>
      <div className={deep ? 'pictures-large deep' : 'pictures-large'} {...(deep && window.drag)}>
        {(!deep || levels !== null || error !== null) && (
          <ImageView
            key={id}
            src={mediaUrl({ kind: 'picture', id }, view)}
            alt={file}
            width={width}
            height={height}
            overlays={overlays}
          />
        )}
      </div>
      <div className="pictures-facts stack">
        <div className="path">{file}</div>
        {flags.length > 0 && (
          <div className="toolbar">
            {flags.map((flag) => (
              <Badge key={flag} tone="warn">
                {t.flags[flag]}
              </Badge>
            ))}
          </div>
        )}
        <div className="toolbar">
          {maskAreaPx !== null && <Checkbox label={t.showMask} checked={masked} onValue={setMasked} />}
          <Button onClick={() => openInLabel(id)}>
            {t.openInLabel} <kbd>L</kbd>
          </Button>
        </div>
        {deep && levels !== null && <WindowLevelBar window={window} levels={levels} />}
        <ErrorNote error={error} />
        <Facts picture={picture} facts={facts} />
        {facts !== undefined && (
          <div className="stack">
            <div>
              <strong>{t.productArea}</strong>
              <p className="small soft">{t.productAreaIs[facts.foreground]}</p>
            </div>
            <div className="toolbar">
              <Button onClick={() => openInLabel(id, FOREGROUND_LAYER)}>{t.correctArea}</Button>
            </div>
          </div>
        )}
        {(picture.near !== null || picture.group !== null || flags.includes('leak')) && (
          <Together id={id} onShow={onShow} />
        )}
      </div>
    </>
  );
}

interface KnownFacts {
  source: string;
  importedAt: number;
  bytes: number;
}

function Facts({ picture, facts }: { picture: PictureInfo; facts: KnownFacts | undefined }) {
  const t = useTexts('pictures');
  const language = useLanguage();
  const { width, height, bitDepth, channels, role, type, split, group, maskAreaPx } = picture;
  const share = maskAreaPx === null ? 0 : (100 * maskAreaPx) / (width * height);
  const rows = [
    [t.kind, type ?? t.roles[role]],
    [t.split, split === null ? t.noSplit : (t.splits[split as 'train'] ?? split)],
    [t.part, group ?? t.unknown],
    [t.size, `${width} × ${height} px`],
    [t.depth, t.depthIs(channels, bitDepth)],
    ...(maskAreaPx === null
      ? []
      : [[t.maskArea, `${maskAreaPx.toLocaleString(language)} px (${share.toPrecision(2)} %)`]]),
    ...(facts === undefined
      ? []
      : [
          [t.fileSize, `${(facts.bytes / 1024).toLocaleString(language, { maximumFractionDigits: 0 })} kB`],
          [
            t.importedAt,
            new Date(facts.importedAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' }),
          ],
          [t.from, facts.source],
        ]),
  ];
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Together({ id, onShow }: { id: string; onShow(file: string): void }) {
  const t = useTexts('pictures');
  const { data } = useQuery(['splits', 'together', id], ({ engine, signal }) =>
    engine.splits.together({ picture: id }, { signal }),
  );
  const others = data?.pictures.filter(({ link }) => link !== 'self') ?? [];
  if (data === undefined || others.length === 0) return null;
  return (
    <section className="stack" aria-label={t.belongs(data.total - 1)}>
      <strong>{t.belongs(data.total - 1)}</strong>
      <ul className="pictures-together">
        {others.slice(0, MOST_SHOWN).map((other) => (
          <li key={other.id}>
            <button type="button" title={other.file} onClick={() => onShow(other.file)}>
              <Picture of={{ kind: 'picture', id: other.id }} size={128} alt={other.file} box={88} />
              <span className="small">{t.links[other.link]}</span>
              <span className="small soft">{other.split === null ? t.noSplit : t.splits[other.split]}</span>
            </button>
          </li>
        ))}
      </ul>
      {others.length > MOST_SHOWN && <p className="small soft">{t.more(data.total - 1 - MOST_SHOWN)}</p>}
    </section>
  );
}
