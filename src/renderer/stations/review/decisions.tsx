// What to do with the picture, why it was flagged, and its numbers.

import { useTexts } from '../../texts/index.ts';
import { Badge, Button, IconButton } from '../../ui/index.ts';
import { numbersOf, type ReviewedPicture } from './order.ts';
import { REASONS } from './reasons.ts';
import { percent, whyOf } from './why.ts';

interface DecisionsProps {
  picture: ReviewedPicture;
  /** Words such as `3 of 40`. */
  place: string;
  onDecide(decision: 'accept' | 'reject' | 'reset', reason?: string): void;
  onRepair(): void;
  onRegenerate(): void;
  onMove(way: 'undo' | 'redo'): void;
  onGo(by: number): void;
  onNext(): void;
}

export function Decisions({
  picture,
  place,
  onDecide,
  onRepair,
  onRegenerate,
  onMove,
  onGo,
  onNext,
}: DecisionsProps) {
  const t = useTexts('review');
  return (
    <aside className="review-side">
      <div className="row">
        <IconButton icon="M15 6l-6 6 6 6" label={t.back} onClick={() => onGo(-1)} />
        <span className="grow review-place">{place}</span>
        <IconButton icon="M9 6l6 6-6 6" label={t.forward} onClick={() => onGo(1)} />
      </div>
      <Status picture={picture} />
      <Flags picture={picture} />
      {picture.label === 'box' && <p className="note warn small">{t.weakLabel}</p>}
      <Button look="primary" large onClick={() => onDecide('accept')}>
        {t.accept} <kbd>A</kbd>
      </Button>
      <fieldset className="review-reasons">
        <legend>{t.reject}</legend>
        {REASONS.map((reason, i) => (
          <Button key={reason} onClick={() => onDecide('reject', reason)}>
            <kbd>{i + 1}</kbd> <span className="grow">{t.reasons[reason]}</span>
          </Button>
        ))}
      </fieldset>
      <div className="review-more">
        <Button onClick={onRepair} disabled={!picture.hasMask}>
          {t.repair} <kbd>M</kbd>
        </Button>
        <Button onClick={onRegenerate}>
          {t.regenerate} <kbd>R</kbd>
        </Button>
        <Button onClick={() => onMove('undo')}>
          {t.undo} <kbd>Z</kbd>
        </Button>
        <Button onClick={onNext}>
          {t.next} <kbd>Tab</kbd>
        </Button>
      </div>
      <Facts picture={picture} />
    </aside>
  );
}

const TONES = { accepted: 'good', rejected: 'bad', undecided: undefined } as const;
const SIGNS = { accepted: '✓ ', rejected: '✕ ', undecided: '' } as const;

export function Status({ picture }: { picture: ReviewedPicture }) {
  const t = useTexts('review');
  const { status, reason } = picture;
  return (
    <div className="review-status" role="status">
      <Badge tone={TONES[status]}>
        {SIGNS[status]}
        {t.status[status]}
      </Badge>
      {status === 'rejected' && reason !== null && (
        <span className="small soft">{t.because(t.reasons[reason] ?? reason)}</span>
      )}
    </div>
  );
}

function Flags({ picture }: { picture: ReviewedPicture }) {
  const t = useTexts('review');
  if (picture.flags.length === 0) return <p className="small soft">{t.noFlags}</p>;
  return (
    <ul className="review-flags">
      {picture.flags.map((flag) => (
        <li key={flag}>
          <strong>⚑ {t.flags[flag] ?? flag}</strong>
          <span className="small">{whyOf(t, picture, flag)}</span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ picture }: { picture: ReviewedPicture }) {
  const t = useTexts('review');
  const { changed, contrast, area, outside } = numbersOf(picture);
  const { width, height, type, generator, index, repairs } = picture;
  const rows: (readonly [string, string | null])[] = [
    [t.type, type ?? t.goodType],
    [t.generator, t.generators[generator] ?? generator],
    [t.factNames.run, String(index + 1)],
    [t.factNames.size, `${width} × ${height}`],
    [t.factNames.changed, changed === null ? null : percent(changed)],
    [t.factNames.contrast, contrast === null ? null : percent(contrast)],
    [t.factNames.area, area === null ? null : percent(area)],
    [t.factNames.outside, outside === null ? null : t.pixels(outside.toLocaleString())],
    [t.factNames.repairs, repairs === 0 ? null : t.times(repairs)],
  ];
  return (
    <dl className="review-facts small" aria-label={t.facts}>
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
