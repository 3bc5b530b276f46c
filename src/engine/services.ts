// What the handlers need done by the rest of the engine; default-services.ts says who does it.

import type { ReadBack } from '../contract/methods/exports.ts';
import type { ErrorCode } from '../core/base/errors.ts';
import type { ImageRole, ImageSplit, ImportReport, ReadableLayout } from '../core/domain/import-report.ts';
import type { JsonObject } from '../core/domain/json.ts';
import type { PictureFlag } from '../core/domain/picture-flags.ts';
import type { ExportFormat } from '../core/formats/annotations/export-formats.ts';
import type { Rect } from '../core/image/raster.ts';
import type { PlannedStep, StepPlan } from '../core/memory/plan.ts';
import type { DetectorService } from './detector-services.ts';
import type { InspectService } from './inspect-services.ts';
import type { PackInfo, PackService, WeightsService } from './pack-services.ts';
import type { RunContext } from './runs/run-context.ts';

export type * from './pack-services.ts';

/** A picture of the workspace as training, generation and export see it. */
export interface DatasetPicture {
  id: string;
  /** Path inside the imported folder, with '/'. */
  file: string;
  role: ImageRole;
  split: ImageSplit | null;
  type: string | null;
  /** Where the bytes lie now (a blob: the name has no extension; decode by content). */
  path: string;
  sha256: string;
  maskPath: string | null;
  maskSha256: string | null;
  maskAreaPx: number | null;
  /** Masks of what nobody shall learn from, and of where the product is, where somebody has painted them. */
  ignorePath?: string | null;
  foregroundPath?: string | null;
  width: number;
  height: number;
  channels: number;
  bitDepth: number;
  group: string | null;
}

export interface ScanOptions {
  layout: 'auto' | ReadableLayout;
  product?: string;
  /** Names the physical part in a file's path. */
  groupBy?: RegExp;
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Reads a source folder; stores nothing. */
export interface DatasetService {
  scan(source: string, options: ScanOptions): Promise<ImportReport>;
}

export interface DeviceInfo {
  id: string;
  name: string;
  kind: 'cpu' | 'gpu';
  threads: number | null;
  memoryBytes: number | null;
  /** Whether runs get it where nothing is asked for. */
  chosen: boolean;
  usable: boolean;
  note: string | null;
}

/** What a run may ask for; `auto`: a graphics card that works, else the CPU. */
export type DeviceChoice = 'auto' | 'cpu' | 'gpu';
export type RunDevice = 'cpu' | 'gpu';

/** The part of a run's identity that the device decides. */
export interface RuntimeProfile {
  device: RunDevice;
  deviceName: string;
  threads: number;
  runtimeVersion: string;
  loweringProfile: string;
  /** What the user should know before a run starts on it. */
  warning: string | null;
}

export interface DeviceService {
  list(): Promise<DeviceInfo[]>;
  /** Throws `unsupported` where the choice cannot be met. */
  profile(choice: DeviceChoice): Promise<RuntimeProfile>;
}

export interface TrainRequest {
  method: 'seas' | 'anogen' | 'anomalysd';
  /** The method's own parameters where they differ from its defaults. */
  settings?: Record<string, string | number | boolean>;
  preset: 'quick' | 'balanced' | 'best';
  /** 0 trains the whole U-Net, else low-rank adapters of this rank. */
  adapterRank: number;
  /** Updates instead of the preset's number. */
  steps: number | null;
  /** Form of SeaS's attention loss. */
  attention: 'code' | 'token' | 'paper';
  seed: number;
  device: RunDevice;
  product: string;
  /** Sorted by code point; a type's place is its token set's number. */
  types: string[];
  /** The few defects, grouped by type in that order. */
  shots: DatasetPicture[];
  /** Labelled defects that no decision may rest on; for the reported held-out loss. */
  heldOut: DatasetPicture[];
  normals: DatasetPicture[];
  pack: PackInfo;
  /** Lowerings measured on this PC, by key; empty on a graphics card. */
  lowerings: Record<string, string>;
  /** How a step is divided and what is computed twice, to fit in memory. */
  plan: StepPlan;
  /** False: nobody will make whole windows with it, so SeaS on a window pack trains no mask network. */
  maskNetwork?: boolean;
}

export interface TuneCall {
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
  /** Told of a lowering that gave other numbers and was left out. */
  onDisagreement?: (sentence: string) => void;
}

export interface TrainOutcome {
  /** What generation needs again, by name: weights (safetensors), tokens, mask head. */
  files: { name: string; bytes: Uint8Array }[];
  /** Small facts generation needs: working scale, tokens per type. */
  config: JsonObject;
  /** Numbers for people: losses before and after, steps, seconds. */
  summary: JsonObject;
}

/** What a run does in its phases, in their order. */
export interface TrainOutline {
  steps: number;
  /** Units of work by phase, as its progress counts them. */
  units: Record<string, number>;
  /** What it puts on the disk at most at one time. */
  diskBytes: number;
}

export interface TrainService {
  outline(request: Omit<TrainRequest, 'plan'>): Promise<TrainOutline>;
  /** Times what the runtime offers for the pack's networks on this PC, once; remembered outside the workspace. */
  lowerings(pack: PackInfo, call: TuneCall): Promise<Record<string, string>>;
  /** The fastest plan within `budget` bytes of memory. Throws `usage` where none fits. */
  plan(request: Omit<TrainRequest, 'plan'>, budget: number): Promise<PlannedStep>;
  train(request: TrainRequest, context: RunContext): Promise<TrainOutcome>;
}

export interface TokenSet {
  id: string;
  types: string[];
  config: JsonObject;
  /** File name to where it lies now. */
  files: Record<string, string>;
  /** File name to SHA-256. */
  hashes: Record<string, string>;
}

export type Generator = 'windows' | 'blend' | 'paste' | 'seas' | 'normal' | 'anogen';

export interface GenerateRequest {
  generator: Generator;
  /** Null for `normal`. */
  type: string | null;
  seed: number;
  product: string;
  /** How many the run has in all. */
  count: number;
  /** Which of 0..count-1 are still to make, ascending. Picture i depends on i and the seed only. */
  indices: number[];
  attributes: Record<string, number>;
  /** Settings of the generator where they differ from the fine-tune's: `anogen`, and SeaS on Stable Diffusion. */
  settings?: Record<string, string | number | boolean>;
  variation: number | null;
  /** `real`, `model`, or a path to mask pictures. */
  masks: string;
  tokenSet: TokenSet | null;
  pack: PackInfo;
  device: RunDevice;
  /** Null: as learned. */
  placement: Placement | null;
  /** The only defects the generator may look at. */
  shots: DatasetPicture[];
  normals: DatasetPicture[];
}

/** Where new defects lie and what they are like, beside what was learned. */
export interface Placement {
  where:
    | { kind: 'learned' }
    /** Shares of the picture. */
    | { kind: 'box'; x: number; y: number; width: number; height: number }
    /** A mask picture that is brought to the size of every good picture. */
    | { kind: 'zones'; file: string }
    /** The mask itself; the request's only good picture is the one it was painted on. */
    | { kind: 'mask'; file: string };
  /** Length of a defect, relative to the real ones. */
  size: number;
  /** Defects per picture. */
  defects: number;
  /** 1: as drawn; below, fainter. */
  strength: number;
}

/** Checks every picture carries; more may be added by a generator. */
export interface GenerationChecks {
  outside: { changed: number; grownBy: number } | null;
  agreement: { changedInMask: number; contrast: number } | null;
  [name: string]: unknown;
}

export interface GeneratedPicture {
  index: number;
  /** Seed of this picture's own random numbers. */
  seed: number;
  width: number;
  height: number;
  /** Bytes of the picture's file, ready to be stored (PNG). */
  image: Uint8Array;
  /** Bytes of the mask's file (8-bit PNG, 0 and 255); null for good pictures. */
  mask: Uint8Array | null;
  /** `box`: the defect is somewhere inside the mask. Without it the mask is exact. */
  label?: 'mask' | 'box';
  /** Id of the DatasetPicture it was made from. */
  sourceId: string | null;
  sourceUse: 'source' | 'reference' | null;
  window: Rect | null;
  /** Everything needed to make it again. */
  recipe: JsonObject;
  checks: GenerationChecks;
  /** Why a person should look, for example "agreement"; empty when every check passed. */
  flags: PictureFlag[];
}

export interface GenerateService {
  generate(request: GenerateRequest, context: RunContext): AsyncIterable<GeneratedPicture>;
}

/** A generated picture as exports and reports see it. */
export interface StoredPicture {
  id: string;
  index: number;
  runId: string;
  generator: string;
  type: string | null;
  seed: number;
  path: string;
  sha256: string;
  maskPath: string | null;
  maskSha256: string | null;
  /** `box`: a weak label; absent means an exact mask. */
  label?: 'mask' | 'box';
  width: number;
  height: number;
  window: Rect | null;
  source: DatasetPicture | null;
  sourceUse: 'source' | 'reference' | null;
  recipe: JsonObject;
  checks: GenerationChecks;
  flags: string[];
  status: 'accepted' | 'rejected' | 'undecided';
}

export interface ExportJob {
  format: ExportFormat;
  /** The folder to make. */
  out: string;
  product: string;
  types: string[];
  generated: StoredPicture[];
  real: DatasetPicture[];
  /** The base packs behind the generated pictures. */
  models?: { name: string; hash: string; licence: string }[];
  engineVersion: string;
  onProgress?: (done: number, total: number, at: ExportProgress) => void;
  /** Awaited between pictures: resolves when the export may go on. */
  turn?: () => Promise<void>;
}

export interface ExportProgress {
  /** Writing, reading again from the drive, reading as a dataset. */
  phase: 'write' | 'check' | 'read';
  /** Bytes of this phase so far. */
  bytes: number;
}

export interface ExportOutcome {
  folder: string;
  files: number;
  bytes: number;
  fromDrive: boolean;
  readBack: ReadBack;
}

/** What is known of an export before it is written. */
export interface ExportForecast {
  bytes: number;
  largest: { file: string; bytes: number } | null;
  /** The folder with most files; `names` counts 13 letters as one more, as FAT32 stores them. */
  fullest: { folder: string; names: number } | null;
  /** The longest path within the folder. */
  longest: string;
  renamed: { count: number; from: string; to: string } | null;
  /** Pictures that stand once per type because the format has one type per picture. */
  severalTypes: number;
  /** Pictures whose masks have holes, where the format cannot say holes, of so many masks looked at. */
  holes: { pictures: number; of: number } | null;
  /** Pictures of validation, where the format has no such split. */
  noValidation: number;
  noMask: { count: number; file: string } | null;
}

export interface VerifyRequest {
  signal: AbortSignal;
  /** Where the imported file with this SHA-256 lies, for comparing pixels outside the masks; null if nowhere. */
  findSource(sha256: string): string | null;
  onProgress?: (done: number, total: number) => void;
}

export interface VerifyOutcome {
  folder: string;
  files: number;
  bytes: number;
  /** Generated pictures that were compared with their source outside the edit region, and those whose source is gone. */
  outsideChecked: number;
  outsideUnchecked: number;
  /** Null where files are missing or changed. */
  readBack: ReadBack | null;
  /** Empty when every file is there and unchanged. */
  problems: { file: string; code: ErrorCode; message: string; hint: string }[];
}

export interface ExportService {
  write(job: ExportJob, signal: AbortSignal): Promise<ExportOutcome>;
  forecast(job: ExportJob, signal: AbortSignal): Promise<ExportForecast>;
  verify(folder: string, request: VerifyRequest): Promise<VerifyOutcome>;
}

/** Renders the product that the demo uses where the user brings none. */
export interface SampleService {
  /** Writes a folder in MVTec layout; returns it. */
  render(folder: string, seed: number, signal: AbortSignal): Promise<string>;
}

export interface ReportJob {
  out: string;
  product: string;
  generated: StoredPicture[];
  seas: StoredPicture[];
  shots: DatasetPicture[];
  /** What the training and the checks measured. */
  numbers: JsonObject;
}

export interface ReportService {
  /** Contact sheet (source | generated | mask | nearest real), the sheet of `seas`, and a one-file HTML report. */
  write(
    job: ReportJob,
    signal: AbortSignal,
  ): Promise<{ sheet: string; seasSheet: string | null; report: string }>;
}

export interface Services {
  inspection: InspectService;
  detectors: DetectorService;
  datasets: DatasetService;
  packs: PackService;
  weights: WeightsService;
  devices: DeviceService;
  training: TrainService;
  generation: GenerateService;
  exports: ExportService;
  samples: SampleService;
  reports: ReportService;
}
