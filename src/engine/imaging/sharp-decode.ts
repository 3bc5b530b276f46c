// Decodes by sharp without letting it touch a value: no profile, no colour conversion, no silent repair.

import type { Metadata, Sharp } from 'sharp';
import sharp from 'sharp';
import type { Raster } from '../../core/image/raster.ts';
import { decodeFailure, refusePicture } from './decode-errors.ts';
import type { ImageLimits } from './limits.ts';
import { cmykToRgb, greyAndAlpha } from './pixels.ts';

export interface Pixels {
  readonly raster: Raster;
  readonly icc: Uint8Array | null;
  readonly bitDepth: 8 | 16;
  readonly turned: boolean;
}

/** What to refuse by; `checkSize` throws for sizes as shown that are not wanted. */
export interface SharpRules {
  readonly name: string;
  readonly limits: ImageLimits;
  readonly checkSize: (width: number, height: number) => void;
}

type Strictness = 'warning' | 'error';

/** Decodes the first page; remarks are appended to `notes`. */
export async function decodeWithSharp(
  bytes: Uint8Array,
  rules: SharpRules,
  notes: string[],
): Promise<Pixels> {
  const meta = await readHeader(bytes, rules);
  rules.checkSize(meta.autoOrient.width, meta.autoOrient.height);
  const deep = supportedDepth(meta, rules.name);
  if ((meta.pages ?? 1) > 1) {
    if (meta.format === 'webp') {
      throw refusePicture(rules.name, 'an animated WebP', 'Save the frame you need as PNG.');
    }
    notes.push(`has ${meta.pages} pages; only the first is used`);
  }
  const raster = await readPixels(bytes, meta, deep, rules, notes);
  const turned = (meta.orientation ?? 1) > 1;
  const icc = meta.icc ? new Uint8Array(meta.icc) : null;
  if (isGreyAlpha(meta)) return { raster: greyAndAlpha(raster), icc, bitDepth: 8, turned };
  if (meta.space === 'cmyk') {
    notes.push('is CMYK; converted to RGB by the plain formula, without its profile');
    return { raster: cmykToRgb(raster), icc: null, bitDepth: 8, turned };
  }
  return { raster, icc, bitDepth: deep ? 16 : 8, turned };
}

function open(bytes: Uint8Array, failOn: Strictness, { limits }: SharpRules): Sharp {
  return sharp(bytes, { failOn, ignoreIcc: true, limitInputPixels: limits.maxPixels, sequentialRead: true });
}

async function readHeader(bytes: Uint8Array, rules: SharpRules): Promise<Metadata> {
  try {
    return await open(bytes, 'error', rules).metadata();
  } catch (cause) {
    throw decodeFailure(rules.name, bytes, cause);
  }
}

/** Raw samples. What only the strict mode minds is taken with a note; cut-off files fail in both. */
async function readPixels(
  bytes: Uint8Array,
  meta: Metadata,
  deep: boolean,
  rules: SharpRules,
  notes: string[],
): Promise<Raster> {
  const read = async (failOn: Strictness): Promise<Raster> => {
    let image = open(bytes, failOn, rules);
    // Without this, sharp turns CMYK to RGB by a profile and back.
    if (meta.space === 'cmyk') image = image.pipelineColourspace('cmyk');
    const { data, info } = await image
      .autoOrient()
      // sharp drops the alpha of 8-bit grey; as RGBA it stays, and grey is then any of the three.
      .toColourspace(isGreyAlpha(meta) ? 'srgb' : meta.space)
      .timeout({ seconds: rules.limits.maxSeconds })
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const samples = deep
      ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.length);
    const channels = info.channels as Raster['channels'];
    return { width: info.width, height: info.height, channels, data: samples };
  };
  try {
    return await read('warning');
  } catch (first) {
    try {
      const raster = await read('error');
      notes.push(
        `was decoded with a remark of the decoder: ${first instanceof Error ? first.message : first}`,
      );
      return raster;
    } catch (cause) {
      throw decodeFailure(rules.name, bytes, cause);
    }
  }
}

function isGreyAlpha(meta: Metadata): boolean {
  return meta.space === 'b-w' && meta.channels === 2;
}

/** True for 16-bit samples, false for 8; anything else is refused. */
function supportedDepth(meta: Metadata, name: string): boolean {
  const hint = 'Save it as grey or RGB with 8 or 16 bits per channel.';
  if (meta.depth !== 'uchar' && meta.depth !== 'ushort') {
    throw refusePicture(name, `stored with ${meta.depth} samples, which are not taken`, hint);
  }
  const deep = meta.depth === 'ushort';
  const spaces = deep ? ['rgb16', 'grey16'] : ['srgb', 'rgb', 'b-w', 'cmyk'];
  if (spaces.includes(meta.space) && meta.channels <= 4) return deep;
  const what = `in the colour space ${meta.space} with ${meta.channels} channels, which is not taken`;
  throw refusePicture(name, what, hint);
}
