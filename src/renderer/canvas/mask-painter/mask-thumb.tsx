// A small picture with a painted mask over it.

import { useEffect, useRef } from 'react';
import { type MediaRef, mediaUrl } from '../../api/index.ts';
import { type RunLengths, tilesOf } from './run-lengths.ts';

export interface MaskThumbProps {
  of: MediaRef;
  alt: string;
  mask: RunLengths;
  /** Longer side in CSS pixels. */
  side: number;
}

export function MaskThumb({ of, alt, mask, side }: MaskThumbProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const scale = side / Math.max(mask.width, mask.height);
  const [width, height] = [Math.round(mask.width * scale), Math.round(mask.height * scale)];
  useEffect(() => draw(ref.current!, mask, width, height), [mask, width, height]);
  return (
    <div className="mask-thumb" style={{ width, height }}>
      <img src={mediaUrl(of, { size: 256 })} alt={alt} draggable={false} />
      <canvas ref={ref} width={width} height={height} />
    </div>
  );
}

/** Marks a screen pixel where its middle is painted. */
function draw(canvas: HTMLCanvasElement, mask: RunLengths, width: number, height: number): void {
  const context = canvas.getContext('2d')!;
  const tiles = tilesOf(mask);
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).getPropertyValue('--mask');
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * mask.height) / height);
    for (let x = 0; x < width; x++)
      if (tiles.at(Math.floor(((x + 0.5) * mask.width) / width), row) !== 0) context.fillRect(x, y, 1, 1);
  }
}
