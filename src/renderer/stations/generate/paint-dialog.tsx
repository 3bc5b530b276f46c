// Painting zones or the mask of a new defect on a good picture.

import { useState } from 'react';
import { invalidate, mediaUrl, useEngine, useMutation } from '../../api/index.ts';
import {
  MaskPainter,
  type Painting,
  type RunLengths,
  runLengthsOf,
} from '../../canvas/mask-painter/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Dialog, ErrorNote } from '../../ui/index.ts';
import { PictureChoice } from './picture-choice.tsx';
import type { GoodPicture } from './use-good-pictures.ts';
import type { PaintedMask } from './where.tsx';

interface PaintDialogProps {
  use: 'zones' | 'mask';
  pictures: readonly GoodPicture[];
  painted: PaintedMask | null;
  onClose(): void;
}

export function PaintDialog({ use, pictures, painted, onClose }: PaintDialogProps) {
  const t = useTexts('generate');
  const common = useTexts('common');
  const engine = useEngine();
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      pictures.findIndex(({ id }) => id === painted?.picture),
    ),
  );
  const [start, setStart] = useState<RunLengths | null>(painted?.mask ?? null);
  const [painting, setPainting] = useState<Painting | null>(null);
  const [empty, setEmpty] = useState(true);
  const picture = pictures[at];
  const fits = start !== null && start.width === picture.width && start.height === picture.height;
  const outline = useMutation(async () => {
    const { mask } = await engine.generation.outline({ picture: picture.id });
    setStart(mask);
  });
  const save = useMutation(async () => {
    if (painting === null) return;
    await engine.generation.paintPlacement({ use, picture: picture.id, mask: runLengthsOf(painting.tiles) });
    invalidate('generation', 'painted');
    onClose();
  });
  const go = (to: number): void => {
    setStart(painting === null ? null : runLengthsOf(painting.tiles));
    setAt(to);
  };
  return (
    <Dialog
      title={use === 'zones' ? t.paintZones : t.paintMask}
      wide
      onClose={onClose}
      foot={
        <>
          <ErrorNote error={save.error ?? outline.error} />
          <PictureChoice pictures={pictures} at={at} onAt={go} />
          <span className="grow" />
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" disabled={empty || save.busy} onClick={() => save.run()}>
            {t.use}
          </Button>
        </>
      }
    >
      <div className="generate-paint">
        <MaskPainter
          key={picture.id}
          src={mediaUrl({ kind: 'picture', id: picture.id })}
          label={t.paintArea}
          width={picture.width}
          height={picture.height}
          start={fits ? start : null}
          onChange={(now) => {
            setPainting(now);
            setEmpty(now.tiles.isEmpty());
          }}
        >
          {use === 'zones' && (
            <Button disabled={outline.busy} onClick={() => outline.run()}>
              {t.outline}
            </Button>
          )}
        </MaskPainter>
      </div>
    </Dialog>
  );
}
