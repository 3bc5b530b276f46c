// What differs between two pictures, made visible: the absolute difference, strengthened.

import { useEffect, useState } from 'react';

/** A difference of 32 of 255 is white. */
const GAIN = 8;

/** Address of the difference picture; null while there is none. */
export function useDifference(a: string | null, b: string): string | null {
  const [made, setMade] = useState<{ key: string; url: string } | null>(null);
  const key = `${a} ${b}`;
  useEffect(() => {
    if (a === null) return;
    let url: string | null = null;
    let left = false;
    differenceOf(a, b).then(
      (blob) => {
        if (left) return;
        url = URL.createObjectURL(blob);
        setMade({ key, url });
      },
      () => setMade(null),
    );
    return () => {
      left = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [a, b, key]);
  return a !== null && made?.key === key ? made.url : null;
}

async function differenceOf(a: string, b: string): Promise<Blob> {
  const [first, second] = await Promise.all([pixelsOf(a), pixelsOf(b)]);
  const { data, width, height } = first;
  for (let i = 0; i < data.length; i += 4) {
    for (let c = i; c < i + 3; c++) data[c] = Math.min(255, GAIN * Math.abs(data[c] - second.data[c]));
    data[i + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(first, 0, 0);
  return canvas.convertToBlob();
}

async function pixelsOf(url: string): Promise<ImageData> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
