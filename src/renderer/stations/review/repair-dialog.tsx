// Correcting the mask of a generated picture, or having the place drawn again inside it.

import { useState } from 'react';
import { invalidate, mediaUrl, useEngine, useMutation, useQuery } from '../../api/index.ts';
import { MaskPainter, type Painting, runLengthsOf } from '../../canvas/mask-painter/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, Dialog, ErrorNote } from '../../ui/index.ts';
import type { ReviewedPicture } from './order.ts';
import type { Review } from './use-review.ts';

interface RepairDialogProps {
  picture: ReviewedPicture;
  review: Review;
  onClose(): void;
  /** Another picture is being made in its place. */
  onReplaced(): void;
}

export function RepairDialog({ picture, review, onClose, onReplaced }: RepairDialogProps) {
  const t = useTexts('review');
  const common = useTexts('common');
  const engine = useEngine();
  const { id, width, height, repairs, sourceUse } = picture;
  const mask = useQuery(['review', 'mask', id, repairs], ({ engine: from, signal }) =>
    from.review.mask({ id }, { signal }),
  );
  const [painting, setPainting] = useState<Painting | null>(null);
  const [empty, setEmpty] = useState(false);
  const below = sourceUse === 'source';
  const save = useMutation(async () => {
    if (painting === null) return;
    review.put(await engine.review.repair({ id, mask: runLengthsOf(painting.tiles) }));
    invalidate('review', 'mask');
    onClose();
  });
  const drawAgain = (): void => {
    if (painting === null) return;
    review.replace(id, runLengthsOf(painting.tiles));
    onClose();
    onReplaced();
  };
  return (
    <Dialog
      title={t.repairTitle}
      wide
      onClose={onClose}
      foot={
        <>
          <ErrorNote error={save.error ?? mask.error} />
          <span className="small soft grow">{below ? t.repairHint : t.repairHintWhole}</span>
          <Button onClick={onClose}>{common.cancel}</Button>
          {below && (
            <Button disabled={empty || painting === null} onClick={drawAgain}>
              {t.drawAgain}
            </Button>
          )}
          <Button
            look="primary"
            disabled={empty || painting === null || save.busy}
            onClick={() => save.run()}
          >
            {t.save}
          </Button>
        </>
      }
    >
      <div className="review-repair">
        {mask.data !== undefined && (
          <MaskPainter
            src={mediaUrl({ kind: 'generated', id }, { revision: repairs })}
            label={t.repairArea}
            width={width}
            height={height}
            start={mask.data}
            onChange={(now) => {
              setPainting(now);
              setEmpty(now.tiles.isEmpty());
            }}
          />
        )}
      </div>
    </Dialog>
  );
}
