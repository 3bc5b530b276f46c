// One picture of a blind test: the part around the defect, and two answers.

import { useEffect } from 'react';
import type { BlindTest } from '../../../contract/methods/review.ts';
import { mediaUrl, useEngine, useMutation } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Button, ErrorNote, ProgressBar, useKeys } from '../../ui/index.ts';

interface BlindQuestionProps {
  test: BlindTest;
  onTest(test: BlindTest): void;
  onLeave(): void;
}

export function BlindQuestion({ test, onTest, onLeave }: BlindQuestionProps) {
  const t = useTexts('review');
  const common = useTexts('common');
  const engine = useEngine();
  const index = Math.max(0, test.answers.indexOf(null));
  const item = test.items[index];
  const next = test.items[index + 1];
  const answer = useMutation(async (said: 'real' | 'generated') => {
    onTest(await engine.review.blind.answer({ id: test.id, index, answer: said }));
  });
  const say = (said: 'real' | 'generated'): void => {
    if (!answer.busy) void answer.run(said);
  };
  useKeys(t.modes.blind, [
    { keys: '1 ArrowLeft', title: t.real, run: () => say('real') },
    { keys: '2 ArrowRight', title: t.generated, run: () => say('generated') },
  ]);
  useEffect(() => {
    if (next === undefined) return;
    const image = new Image();
    image.src = mediaUrl({ kind: next.kind, id: next.id });
  }, [next]);
  const { rect, width, height, kind, id } = item;
  return (
    <div className="review-question">
      <div className="row">
        <strong>{t.blindPicture(index + 1, test.items.length)}</strong>
        <div className="grow">
          <ProgressBar label={t.blindTitle} done={index} total={test.items.length} />
        </div>
        <Button look="quiet" onClick={onLeave}>
          {common.close}
        </Button>
      </div>
      <svg
        key={index}
        className="review-question-picture"
        viewBox={`${rect.x} ${rect.y} ${rect.width} ${rect.height}`}
        role="img"
        aria-label={t.blindQuestion}
      >
        {/* Nothing beside the part may tell what it is. */}
        <clipPath id="review-part">
          <rect {...rect} />
        </clipPath>
        <image
          href={mediaUrl({ kind, id })}
          width={width}
          height={height}
          preserveAspectRatio="none"
          clipPath="url(#review-part)"
        />
      </svg>
      <ErrorNote error={answer.error} />
      <h2>{t.blindQuestion}</h2>
      <div className="row review-answers">
        <Button large onClick={() => say('real')}>
          <kbd>1</kbd> {t.real}
        </Button>
        <Button large onClick={() => say('generated')}>
          <kbd>2</kbd> {t.generated}
        </Button>
      </div>
    </div>
  );
}
