// One defect on a picture: words, shape, colour, finish and mask, redrawn until it can be seen.

import { invariant } from '../base/errors.ts';
import type { Rng } from '../base/rng.ts';
import type { Stroke } from './finishes/finish.ts';
import { FINISH_WORDS, FINISHES, type FinishWord } from './finishes/index.ts';
import { defectMask, maskShare, restoreOutside, shapeShare, validShare } from './mask.ts';
import { SHAPE_WORDS, SHAPES, type ShapeWord } from './shapes/index.ts';
import { TONE_WORDS, TONES, type ToneWord } from './tones.ts';
import { blob } from './tools/blob.ts';
import { gauss } from './tools/blur.ts';
import { clipPicture, type Field, makeField, meanColour, PIXELS, type Picture, SIDE } from './tools/field.ts';
import { type DefectWords, sizeWord } from './words.ts';

/** Tries with the same words, and how often the words are redrawn after that. */
const TRIES_PER_WORDS = 6;
const WORD_DRAWS = 5;
/** A defect's centre lies at least this far from the window's border. */
const BORDER = 24;

/** What a defect is drawn on. */
export interface Canvas {
  /** [3,128,128], 0..1. */
  readonly picture: Picture;
  /** Where the object is, 0..1; null when everywhere. */
  readonly silhouette: Field | null;
  readonly ground: Picture | null;
  readonly light: number;
}

export interface Defect {
  /** The whole picture with the defect, 0..1. */
  readonly picture: Picture;
  readonly mask: Uint8Array;
  readonly words: DefectWords;
}

/** Words that are given stay; the others are drawn. */
export type WantedWords = Partial<Omit<DefectWords, 'size'>>;

interface ChosenWords {
  shape: ShapeWord;
  finish: FinishWord;
  tone: ToneWord;
}

function chooseWords(rng: Rng, wanted: WantedWords): ChosenWords {
  const shape = wanted.shape ?? rng.pick(SHAPE_WORDS);
  const finish = wanted.finish ?? rng.pick(FINISH_WORDS);
  const { tones = TONE_WORDS }: { tones?: readonly ToneWord[] } = FINISHES[finish];
  return { shape, finish, tone: wanted.tone ?? rng.pick(tones) };
}

/** Shape cut to the object; a gap that is a hole may break the object's outline. */
function placedShape(rng: Rng, canvas: Canvas, words: ChosenWords): Field {
  const cx = rng.uniformIn(BORDER, SIDE - BORDER);
  const cy = rng.uniformIn(BORDER, SIDE - BORDER);
  const alpha = SHAPES[words.shape](rng, cx, cy);
  const { silhouette } = canvas;
  if (silhouette === null || (words.shape === 'gap' && words.finish === 'hole')) return alpha;
  for (let i = 0; i < PIXELS; i++) alpha[i] *= silhouette[i];
  return alpha;
}

/** Null when the shape or what can be seen of it is too small or too large. */
function attempt(rng: Rng, canvas: Canvas, words: ChosenWords, alpha: Field): Defect | null {
  if (!validShare(shapeShare(alpha))) return null;
  const { picture: before, light, ground } = canvas;
  const colour = TONES[words.tone](rng, meanColour(before, alpha));
  const stroke: Stroke = { picture: before, alpha, tone: words.tone, colour, light, ground };
  const picture = clipPicture(FINISHES[words.finish].apply(rng, stroke));
  const mask = defectMask(before, picture, alpha);
  const share = maskShare(mask);
  if (!validShare(share)) return null;
  restoreOutside(picture, before, mask);
  return { picture, mask, words: { ...words, size: sizeWord(share) } };
}

/** A plain disc on the object's inmost place, black or white, whichever shows; cut to the object if enough is left. */
function lastResort(rng: Rng, canvas: Canvas): Defect {
  const inmost = gauss(canvas.silhouette ?? makeField(() => 1), 6);
  let best = (SIDE / 2) * SIDE + SIDE / 2;
  for (let i = 0; i < PIXELS; i++) if (inmost[i] > inmost[best] + 1e-6) best = i;
  const disc = blob(rng, { cx: best % SIDE, cy: Math.floor(best / SIDE), radius: 7 });
  const [r, g, b] = meanColour(canvas.picture, disc);
  const words: ChosenWords = {
    shape: 'spot',
    finish: 'flat',
    tone: (r + g + b) / 3 > 0.5 ? 'black' : 'white',
  };
  const cut = disc.map((a, i) => a * (canvas.silhouette?.[i] ?? 1));
  const defect = attempt(rng, canvas, words, cut) ?? attempt(rng, canvas, words, disc);
  invariant(defect !== null, 'a black or white disc must show');
  return defect;
}

/** Centre, size and colour are redrawn up to 6 times; after that the words too (unless they were wanted), at last a plain spot. */
export function drawDefect(rng: Rng, canvas: Canvas, wanted: WantedWords = {}): Defect {
  for (let draw = 0; draw < WORD_DRAWS; draw++) {
    const words = chooseWords(rng, wanted);
    for (let n = 0; n < TRIES_PER_WORDS; n++) {
      const defect = attempt(rng, canvas, words, placedShape(rng, canvas, words));
      if (defect !== null) return defect;
    }
  }
  return lastResort(rng, canvas);
}
