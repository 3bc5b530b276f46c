// What the handlers need done to look for anomalies in pictures.

import type { PackInfo } from './pack-services.ts';
import type { DatasetPicture, RunDevice, TokenSet } from './services.ts';

/** A picture to look at: of the workspace, or a file beside it. */
export type InspectSubject = Pick<DatasetPicture, 'file' | 'path' | 'sha256' | 'width' | 'height'> &
  Pick<DatasetPicture, 'ignorePath' | 'foregroundPath'>;

export interface InspectRequest {
  tokenSet: TokenSet;
  pack: PackInfo;
  device: RunDevice;
  mode: 'fast' | 'full';
  /** Settings of inspection where they differ from the model's. */
  settings: Record<string, string | number | boolean>;
  subjects: InspectSubject[];
}

export interface WindowCost {
  /** At most: windows without product are left out while looking. */
  windows: number;
  runsPerWindow: number;
  stepsPerRun: number;
  /** Measured. */
  secondsPerWindow: number;
}

export interface InspectedMap {
  subject: InspectSubject;
  width: number;
  height: number;
  windows: number;
  score: number;
  /** PNG, 16-bit grey. */
  map: Uint8Array;
}

export interface InspectCall {
  signal: AbortSignal;
  /** Hears of repairs as they are made. */
  onRepairs(made: number): void;
  /** Stores a picture's result; the next ones wait for it. */
  onPicture(result: InspectedMap): Promise<void>;
}

export interface InspectService {
  /** Throws `usage` for settings that are not the inspection's. */
  cost(request: InspectRequest, signal: AbortSignal): Promise<WindowCost>;
  inspect(request: InspectRequest, call: InspectCall): Promise<void>;
  /** PNG of the picture in grey under its map; `map` is the 16-bit file. */
  heat(
    picture: Pick<InspectSubject, 'file' | 'path'>,
    map: string,
    perCode: number,
    threshold: number | null,
  ): Promise<Uint8Array>;
  /** Map values of one code value. */
  valuePerCode(request: InspectRequest): Promise<number>;
  /** The pictures of files and folders, described. */
  files(paths: string[], signal: AbortSignal): Promise<InspectSubject[]>;
}
