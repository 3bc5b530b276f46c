// Turns what the decoders say into a sentence for a plant engineer.

import { AppError } from '../../core/base/errors.ts';
import { pictureKind } from '../../core/formats/picture-kind.ts';
import { pngOutline } from '../../core/formats/png-chunks.ts';

const COPY_AGAIN = 'Copy it again from the camera or the original drive; if that fails, leave it out.';

/** A picture that is not taken: `NAME is WHAT.` */
export function refusePicture(name: string, what: string, hint: string, cause?: unknown): AppError {
  return new AppError('bad-image', `${name} is ${what}.`, { file: name, hint }, cause);
}

/** A file without its end. */
export function cutOff(name: string, cause?: unknown): AppError {
  return refusePicture(name, 'cut off: the file ends in the middle of the picture', COPY_AGAIN, cause);
}

/** Says what a failed decode of these bytes means. */
export function decodeFailure(name: string, bytes: Uint8Array, cause: unknown): AppError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/pixel limit/i.test(message)) {
    return refusePicture(name, 'larger than the limit on pixels', 'Cut it into parts.', cause);
  }
  if (/premature end|truncated|unexpected end/i.test(message) || isCutPng(bytes)) {
    return cutOff(name, cause);
  }
  if (/timeout/i.test(message))
    return refusePicture(name, 'too slow to decode', 'Save it again as PNG.', cause);
  const first = message.split('\n')[0].trim();
  return refusePicture(name, `damaged and cannot be decoded (${first})`, COPY_AGAIN, cause);
}

function isCutPng(bytes: Uint8Array): boolean {
  const kind = pictureKind(bytes);
  return kind.kind === 'picture' && kind.format === 'png' && !pngOutline(bytes).complete;
}
