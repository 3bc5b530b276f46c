// The next pictures are fetched and decoded while one is looked at, so that a decision shows the next at once.

import { useEffect } from 'react';
import { mediaUrl } from '../../api/index.ts';
import type { ReviewedPicture } from './order.ts';

const AHEAD = 3;
/** Held so that the browser keeps what it decoded. */
const held = new Map<string, HTMLImageElement>();
const MOST_HELD = 24;

export function usePrefetch(pictures: readonly ReviewedPicture[], at: number): void {
  const next = pictures.slice(at + 1, at + 1 + AHEAD);
  const urls = next.flatMap(urlsOf).join('\n');
  useEffect(() => {
    for (const url of urls.split('\n')) if (url !== '') hold(url);
  }, [urls]);
}

function urlsOf({ id, hasMask, source, sourceUse, repairs }: ReviewedPicture): string[] {
  return [
    mediaUrl({ kind: 'generated', id }, { revision: repairs }),
    ...(hasMask ? [mediaUrl({ kind: 'generated-mask', id }, { revision: repairs })] : []),
    ...(source !== null && sourceUse === 'source' ? [mediaUrl({ kind: 'picture', id: source })] : []),
  ];
}

function hold(url: string): void {
  if (held.has(url)) return;
  const image = new Image();
  image.src = url;
  image.decode().catch(() => held.delete(url));
  held.set(url, image);
  for (const old of held.keys()) {
    if (held.size <= MOST_HELD) break;
    held.delete(old);
  }
}
