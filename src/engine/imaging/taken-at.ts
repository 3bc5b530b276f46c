// When a picture was taken, as its file says.

import sharp from 'sharp';
import { exifTime } from '../../core/formats/exif-time.ts';

/** Seconds of the camera's clock; null where the file does not say or cannot be read. */
export async function takenAt(path: string): Promise<number | null> {
  try {
    const { exif } = await sharp(path).metadata();
    return exif === undefined ? null : exifTime(exif);
  } catch {
    return null;
  }
}
