// What the handlers need done with base models and with what fine-tunes learned.

import type { JsonObject } from '../core/domain/json.ts';
import type { TokenSet } from './services.ts';

export interface PackInfo {
  name: string;
  kind: 'embedded' | 'workspace' | 'folder';
  path: string;
  /** SHA-256 over its content. */
  hash: string;
  workingSize: number;
  licence: string;
  /** Why it cannot be used, or null. */
  problem: string | null;
  /** What it is in words, where it is no window pack. */
  what?: string;
  /** How it is read, where it is no window pack. */
  reading?: PackReading;
}

/** How a model that is no window pack is read. */
export interface PackReading {
  /** A diffusers folder that gives what the model lacks. */
  with: string | null;
  /** Which precision of its weights, `fp16` for instance. */
  variant: string | null;
}

export interface AddPackRequest extends PackReading {
  /** A diffusers folder or a single file; read in place. */
  path: string;
  /** Null makes one of the path. */
  name: string | null;
}

export interface PackSampleRequest extends PackReading {
  /** Name, folder or file. */
  pack: string;
  prompt: string;
  negative: string;
  /** Null: the pack's own. */
  sampler: string | null;
  spacing: 'leading' | 'linspace' | 'trailing' | null;
  steps: number;
  guidance: number;
  seed: number;
  width: number | null;
  height: number | null;
  loras: { path: string; scale: number }[];
  embeddings: { path: string; token?: string }[];
}

export interface PackSample {
  /** PNG. */
  image: Uint8Array;
  width: number;
  height: number;
  /** Class of the sampler that was used, and where it asked the network. */
  scheduler: string;
  timesteps: number[];
}

/** For work that takes long. */
export interface PackCall {
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

export interface PackService {
  /** The embedded pack and those in the given folder (a workspace's packs/; null without a workspace). */
  list(folder: string | null): Promise<PackInfo[]>;
  /**
   * By name, folder or file; null means the embedded one. Throws `bad-pack`, `not-found` or `unsupported`.
   * With `quick` a model that was never added is not read through: its hash is empty.
   */
  resolve(
    pack: string | null,
    folder: string | null,
    options?: Partial<PackReading> & { quick?: boolean },
  ): Promise<PackInfo>;
  inspect(pack: PackInfo, folder?: string | null, reading?: PackReading): Promise<JsonObject>;
  /** Inspects a model and makes it known to the workspace whose packs/ folder is given; copies nothing. */
  add(
    request: AddPackRequest,
    folder: string,
    call: PackCall,
  ): Promise<{ pack: PackInfo; details: JsonObject }>;
  /** Forgets an added model; its files stay. Throws `not-found`. */
  remove(name: string, folder: string): Promise<{ path: string }>;
  /** One picture from a prompt. */
  sample(request: PackSampleRequest, folder: string | null, call: PackCall): Promise<PackSample>;
}

/** Saving what a fine-tune learned in a form that other programs read. */
export interface WeightsExportJob {
  tokenSet: TokenSet;
  /** The pack it was trained on. */
  pack: PackInfo;
  as: 'embedding' | 'lora' | 'unet';
  /** Null: the form's first one. */
  dialect: string | null;
  /** A folder (`embedding`, `unet`) or a file (`lora`) that does not exist yet. */
  out: string;
  /** For extracting a LoRA from a whole U-Net. */
  rank: number | null;
  /** fp16 instead of fp32. */
  half: boolean;
  engineVersion: string;
}

export interface WeightsService {
  write(job: WeightsExportJob, signal: AbortSignal): Promise<JsonObject>;
}
