// Leading the user to the station Label with a certain picture, and what it remembers that by.

import { useCallback } from 'react';
import { useStored } from '../api/workspace.ts';
import { useGoTo } from './use-go-to.ts';

/** A name for something that is remembered per product. */
export function productKey(what: string, product: string): string {
  const slug = [...product]
    .map((c) => (/[a-zA-Z0-9]/.test(c) ? c : `.${c.codePointAt(0)!.toString(36)}`))
    .join('')
    .slice(0, 80);
  return `${what}.${slug}`;
}

/** Where Label keeps the open picture of a product. */
export function labelPictureKey(product: string): string {
  return productKey('label.picture', product);
}

/** Where Label keeps the tool and the layer that is painted. */
export const LABEL_WORK_KEY = 'label.work';

/** Opens a picture in Label, and there the layer that is named. */
export function useOpenInLabel(product: string): (picture: string, layer?: string) => void {
  const [, setPicture] = useStored<string>(labelPictureKey(product), '');
  const [work, setWork] = useStored<{ [key: string]: string | number | boolean }>(LABEL_WORK_KEY, {});
  const goTo = useGoTo();
  return useCallback(
    (picture, layer) => {
      setPicture(picture);
      if (layer !== undefined) setWork({ ...work, layer });
      goTo('label');
    },
    [setPicture, setWork, work, goTo],
  );
}
