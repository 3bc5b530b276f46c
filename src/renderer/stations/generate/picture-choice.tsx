// Going through the good pictures.

import { useTexts } from '../../texts/index.ts';
import { IconButton } from '../../ui/index.ts';
import type { GoodPicture } from './use-good-pictures.ts';

interface PictureChoiceProps {
  pictures: readonly GoodPicture[];
  at: number;
  onAt(at: number): void;
}

export function PictureChoice({ pictures, at, onAt }: PictureChoiceProps) {
  const t = useTexts('generate');
  return (
    <span className="row generate-choice">
      <IconButton
        icon="M15 6l-6 6 6 6"
        label={t.previousPicture}
        disabled={at === 0}
        onClick={() => onAt(at - 1)}
      />
      <IconButton
        icon="M9 6l6 6-6 6"
        label={t.nextPicture}
        disabled={at >= pictures.length - 1}
        onClick={() => onAt(at + 1)}
      />
      <span className="small soft ellipsis" title={pictures[at].file}>
        {at + 1} / {pictures.length} · {pictures[at].file}
      </span>
    </span>
  );
}
