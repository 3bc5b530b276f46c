// A box drawn with the mouse, or typed, in shares of the picture.

import { type PointerEvent, useRef, useState } from 'react';
import { mediaUrl } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Dialog, TextField } from '../../ui/index.ts';
import { PictureChoice } from './picture-choice.tsx';
import type { Box } from './plan.ts';
import type { GoodPicture } from './use-good-pictures.ts';

interface BoxDialogProps {
  pictures: readonly GoodPicture[];
  box: Box | null;
  onBox(box: Box): void;
  onClose(): void;
}

const MIDDLE: Box = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 };
const LEAST = 0.005;

export function BoxDialog({ pictures, box: given, onBox, onClose }: BoxDialogProps) {
  const t = useTexts('generate');
  const common = useTexts('common');
  const [at, setAt] = useState(0);
  const [box, setBox] = useState(given ?? MIDDLE);
  const start = useRef<{ x: number; y: number } | null>(null);
  const picture = pictures[at];
  const pointOf = (event: PointerEvent): { x: number; y: number } => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) };
  };
  const drag = (event: PointerEvent): void => {
    if (start.current !== null) setBox(between(start.current, pointOf(event)));
  };
  const type = (part: keyof Box, text: string): void => {
    const value = Number(text) / 100;
    if (Number.isFinite(value)) setBox(fitted({ ...box, [part]: value }));
  };
  return (
    <Dialog
      title={t.boxTitle}
      wide
      onClose={onClose}
      foot={
        <>
          <PictureChoice pictures={pictures} at={at} onAt={setAt} />
          <span className="grow" />
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" onClick={() => onBox(box)}>
            {t.use}
          </Button>
        </>
      }
    >
      <div className="generate-boxing">
        <div
          className="generate-canvas"
          style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            start.current = pointOf(event);
          }}
          onPointerMove={drag}
          onPointerUp={(event) => {
            drag(event);
            start.current = null;
          }}
        >
          <img
            src={mediaUrl({ kind: 'picture', id: picture.id }, { size: 1024 })}
            alt={picture.file}
            draggable={false}
          />
          <div
            className="generate-box"
            style={{
              left: `${100 * box.x}%`,
              top: `${100 * box.y}%`,
              width: `${100 * box.width}%`,
              height: `${100 * box.height}%`,
            }}
          />
        </div>
        <div className="generate-box-numbers">
          {(['x', 'y', 'width', 'height'] as const).map((part) => (
            <TextField
              key={part}
              label={t.boxParts[part]}
              type="number"
              min={0}
              max={100}
              value={String(Math.round(1000 * box[part]) / 10)}
              onChange={(event) => type(part, event.target.value)}
            />
          ))}
        </div>
      </div>
    </Dialog>
  );
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function between(a: { x: number; y: number }, b: { x: number; y: number }): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return fitted({ x, y, width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) });
}

function fitted({ x, y, width, height }: Box): Box {
  const [left, top] = [Math.min(within(x), 1 - LEAST), Math.min(within(y), 1 - LEAST)];
  return {
    x: left,
    y: top,
    width: Math.max(LEAST, Math.min(width, 1 - left)),
    height: Math.max(LEAST, Math.min(height, 1 - top)),
  };
}
