// A few grey values in a picture's place until the picture is there: a fast scroll meets no empty cells.

import { useLayoutEffect, useRef } from 'react';

const SIDE = 16;

interface PreviewProps {
  /** Base64 of SIDE x SIDE grey values. */
  values: string;
  width: number;
  height: number;
}

export function Preview({ values, width, height }: PreviewProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d', { alpha: false });
    if (!context) return;
    const bytes = atob(values);
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const v = bytes.charCodeAt(i);
      image.data.set([v, v, v, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [values]);
  return (
    <span className="pictures-preview-box" aria-hidden="true">
      <canvas
        ref={ref}
        className="pictures-preview"
        width={SIDE}
        height={SIDE}
        style={{ aspectRatio: `${width} / ${height}` }}
      />
    </span>
  );
}
