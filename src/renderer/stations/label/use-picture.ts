// Loads a picture for the canvas: a small version first, every pixel after it.

import { useEffect, useState } from 'react';
import { mediaUrl } from '../../api/index.ts';
import { PictureLayer } from '../../canvas/index.ts';

export interface LoadedPicture {
  id: string;
  layer: PictureLayer;
  /** Every pixel; null until it is there. */
  blob: Blob | null;
}

export interface Levels {
  low: number;
  high: number;
}

/** Larger pictures are shown small at first. */
const SMALL_FIRST = 3e6;
const SETTLE_MS = 120;

export function usePicture(
  picture: { id: string; width: number; height: number } | null,
  levels: Levels | null,
  drawn: () => void,
): { loaded: LoadedPicture | null; error: unknown } {
  const [loaded, setLoaded] = useState<LoadedPicture | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { id, width, height } = picture ?? { id: null, width: 0, height: 0 };
  const { low, high } = levels ?? {};
  useEffect(() => {
    setError(null);
    if (id === null) {
      setLoaded(null);
      return;
    }
    const stop = new AbortController();
    const layer = new PictureLayer({ width, height });
    const view = low === undefined ? {} : { low, high };
    const work = async (): Promise<void> => {
      if (low !== undefined) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      if (width * height > SMALL_FIRST) {
        await layer.load(mediaUrl({ kind: 'picture', id }, { ...view, size: 2048 }), stop.signal);
        setLoaded({ id, layer, blob: null });
      }
      const blob = await layer.load(mediaUrl({ kind: 'picture', id }, view), stop.signal);
      setLoaded({ id, layer, blob });
      drawn();
      await layer.makeSmaller();
      drawn();
    };
    work().catch((failure) => {
      if (!stop.signal.aborted) setError(failure);
    });
    return () => {
      stop.abort();
      layer.close();
    };
  }, [id, width, height, low, high, drawn]);
  return { loaded: loaded?.id === id ? loaded : null, error };
}
