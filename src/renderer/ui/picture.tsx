// One picture, small or whole, with words where it cannot be shown.

import { useState } from 'react';
import { type MediaRef, type MediaView, mediaUrl } from '../api/media.ts';
import { useTexts } from '../texts/index.ts';

export interface PictureProps extends MediaView {
  of: MediaRef;
  alt: string;
  /** Side of the box in CSS pixels; without it the box is its parent's. */
  box?: number;
  className?: string;
}

/** A picture that scrolled by before it was there must not keep others waiting. */
function stopWhenGone(image: HTMLImageElement): () => void {
  return () => {
    if (!image.complete) image.removeAttribute('src');
  };
}

export function Picture({ of, alt, box, className, ...view }: PictureProps) {
  const t = useTexts('common');
  const url = mediaUrl(of, view);
  const [lost, setLost] = useState<string | null>(null);
  const size = box === undefined ? { width: '100%', height: '100%' } : { width: box, height: box };
  if (lost === url) {
    return (
      <div className="picture-lost" role="img" aria-label={`${alt}: ${t.pictureLost}`} style={size}>
        {t.pictureLost}
      </div>
    );
  }
  return (
    <img
      className={['picture', className].filter(Boolean).join(' ')}
      src={url}
      alt={alt}
      style={size}
      ref={stopWhenGone}
      decoding="async"
      draggable={false}
      onError={() => setLost(url)}
    />
  );
}
