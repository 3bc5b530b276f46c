// Where the defects go: as learned, in painted zones, in a box, or exactly where a mask is painted.

import { useState } from 'react';
import { mediaUrl } from '../../api/index.ts';
import { MaskThumb, type RunLengths } from '../../canvas/mask-painter/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button } from '../../ui/index.ts';
import { BoxDialog } from './box-dialog.tsx';
import { PaintDialog } from './paint-dialog.tsx';
import { type Box, PLACES, type Place } from './plan.ts';
import { useGoodPictures } from './use-good-pictures.ts';
import type { SectionProps } from './what.tsx';

export interface PaintedMask {
  id: string;
  picture: string;
  areaPx: number;
  mask: RunLengths;
}

interface WhereProps extends SectionProps {
  product: string;
  zones: PaintedMask | null;
  mask: PaintedMask | null;
}

const THUMB = 112;

export function Where({ plan, change, product, zones, mask }: WhereProps) {
  const t = useTexts('generate');
  const [open, setOpen] = useState(false);
  const pictures = useGoodPictures(product);
  const offered = PLACES.filter((place) => place !== 'mask' || plan.generator === 'windows');
  const painted = plan.place === 'zones' ? zones : mask;
  return (
    <section className="generate-section" aria-labelledby="generate-where">
      <h3 id="generate-where">{t.where}</h3>
      <div className="generate-places" role="radiogroup" aria-labelledby="generate-where">
        {offered.map((place) => (
          <label key={place} className="check">
            <input
              type="radio"
              name="place"
              checked={plan.place === place}
              onChange={() => change({ place: place satisfies Place })}
            />
            <span>{t.places[place]}</span>
          </label>
        ))}
      </div>
      <p className="small soft">{t.aboutPlace[plan.place]}</p>
      {plan.place !== 'learned' && (
        <div className="generate-place">
          {plan.place === 'box' ? (
            plan.box !== null && pictures.length > 0 && <BoxThumb box={plan.box} picture={pictures[0]} />
          ) : painted !== null ? (
            <MaskThumb
              of={{ kind: 'picture', id: painted.picture }}
              alt={t.places[plan.place]}
              mask={painted.mask}
              side={THUMB}
            />
          ) : null}
          <div className="stack">
            <span className="small soft">{stateOf(t, plan.place, plan.box, painted)}</span>
            <Button onClick={() => setOpen(true)} disabled={pictures.length === 0}>
              {plan.place === 'box' ? t.drawBox : painted === null ? t.paint : t.paintAgain}
            </Button>
          </div>
        </div>
      )}
      {open && plan.place === 'box' && (
        <BoxDialog
          pictures={pictures}
          box={plan.box}
          onClose={() => setOpen(false)}
          onBox={(box) => {
            change({ box });
            setOpen(false);
          }}
        />
      )}
      {open && (plan.place === 'zones' || plan.place === 'mask') && (
        <PaintDialog use={plan.place} pictures={pictures} painted={painted} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}

function stateOf(
  t: ReturnType<typeof useTexts<'generate'>>,
  place: Place,
  box: Box | null,
  painted: PaintedMask | null,
): string {
  const part = (value: number): string =>
    `${value < 0.1 ? (100 * value).toFixed(1) : Math.round(100 * value)} %`;
  if (place === 'box') return box === null ? t.noneYet : t.paintedArea(part(box.width * box.height));
  if (painted === null) return t.noneYet;
  return t.paintedArea(part(painted.areaPx / (painted.mask.width * painted.mask.height)));
}

function BoxThumb({ box, picture }: { box: Box; picture: { id: string; width: number; height: number } }) {
  const scale = THUMB / Math.max(picture.width, picture.height);
  const percent = (v: number): string => `${100 * v}%`;
  return (
    <div className="mask-thumb" style={{ width: picture.width * scale, height: picture.height * scale }}>
      <img src={mediaUrl({ kind: 'picture', id: picture.id }, { size: 256 })} alt="" />
      <div
        className="generate-box"
        style={{
          left: percent(box.x),
          top: percent(box.y),
          width: percent(box.width),
          height: percent(box.height),
        }}
      />
    </div>
  );
}
