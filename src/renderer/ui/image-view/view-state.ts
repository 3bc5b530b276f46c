// Where a view of a picture looks, and the arithmetic between picture pixels and the screen.

import { useState } from 'react';
import { createStore, type Store } from '../../api/store.ts';

/** Null fits the picture into its box. Positions are in picture pixels. */
export type ViewState = {
  /** Screen (CSS) pixels per picture pixel. */
  readonly scale: number;
  /** What is in the middle of the box. */
  readonly x: number;
  readonly y: number;
} | null;

export type SyncedView = Store<ViewState>;

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export const LEAST_SCALE = 0.01;
export const MOST_SCALE = 64;

/** One view for several pictures: they zoom and pan together. */
export function useSyncedView(): SyncedView {
  return useState(() => createStore<ViewState>(null))[0];
}

/** The state with a fit made explicit. */
export function settled(state: ViewState, box: Extent, picture: Extent): NonNullable<ViewState> {
  if (state !== null) return state;
  const scale = Math.min(box.width / picture.width, box.height / picture.height, 16) || 1;
  return { scale, x: picture.width / 2, y: picture.height / 2 };
}

/** Zooms so that the picture's point under (px, py), given from the box's corner, stays there. */
export function zoomedAt(
  now: NonNullable<ViewState>,
  box: Extent,
  { px, py, factor }: { px: number; py: number; factor: number },
): NonNullable<ViewState> {
  const scale = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, now.scale * factor));
  const dx = px - box.width / 2;
  const dy = py - box.height / 2;
  return { scale, x: now.x + dx / now.scale - dx / scale, y: now.y + dy / now.scale - dy / scale };
}

export function pannedBy(now: NonNullable<ViewState>, dx: number, dy: number): NonNullable<ViewState> {
  return { ...now, x: now.x - dx / now.scale, y: now.y - dy / now.scale };
}

/** Picture position of a point of the box; pixel (0, 0) covers 0..1. */
export function toPicture(now: NonNullable<ViewState>, box: Extent, px: number, py: number) {
  return { x: now.x + (px - box.width / 2) / now.scale, y: now.y + (py - box.height / 2) / now.scale };
}

/** Where the picture's corner lies in the box. */
export function cornerOf(now: NonNullable<ViewState>, box: Extent): { left: number; top: number } {
  return { left: box.width / 2 - now.x * now.scale, top: box.height / 2 - now.y * now.scale };
}

/** A scale above all of 2 screen dots per pixel shows hard pixels. */
export function showsHardPixels(scale: number, dotsPerPixel: number): boolean {
  return scale * dotsPerPixel >= 2;
}
