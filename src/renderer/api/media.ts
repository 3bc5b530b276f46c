// Addresses of pictures: pixels never cross the message port.

import type { MediaKind, MediaSize } from '../../contract/methods/media.ts';
import { useConnection } from './context.ts';

export interface MediaRef {
  kind: MediaKind;
  id: string;
}

export interface MediaView {
  /** Longer side; without it, every pixel. */
  size?: MediaSize;
  /** Code values shown as black and white. */
  low?: number;
  high?: number;
  /** Changes the address where the picture behind it has changed (a mask's revision). */
  revision?: number | string;
}

let base = '/media';

/** Called once, before anything is shown. */
export function setMediaBase(address: string): void {
  base = address;
}

export function mediaUrl({ kind, id }: MediaRef, { revision, ...view }: MediaView = {}): string {
  const query = Object.entries({ ...view, r: revision })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`);
  return `${base}/${kind}/${id}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** The path of a dropped file or folder; null where the browser hides it. */
export function useDroppedPath(): (file: File) => string | null {
  const { transport } = useConnection();
  return transport.pathOfFile;
}
