// The one door between a host (window, command line, web) and the engine: every method, with its input and output.

import type { ContractRouterClient, InferContractRouterInputs } from '@orpc/contract';
import { auditMethods } from './methods/audit.ts';
import { datasetMethods } from './methods/datasets.ts';
import { demoMethods } from './methods/demo.ts';
import { detectorMethods } from './methods/detectors.ts';
import { deviceMethods } from './methods/devices.ts';
import { exportMethods } from './methods/exports.ts';
import { generationMethods } from './methods/generation.ts';
import { inspectMethods } from './methods/inspect.ts';
import { jobMethods } from './methods/jobs.ts';
import { labelMethods } from './methods/labels.ts';
import { mediaMethods } from './methods/media.ts';
import { packMethods } from './methods/packs.ts';
import { pictureMethods } from './methods/pictures.ts';
import { proveMethods } from './methods/prove.ts';
import { reviewMethods } from './methods/review.ts';
import { splitMethods } from './methods/splits.ts';
import { trainingMethods } from './methods/training.ts';
import { uiStateMethods } from './methods/ui-state.ts';
import { weightMethods } from './methods/weights.ts';
import { workspaceMethods } from './methods/workspace.ts';

export const contract = {
  workspace: workspaceMethods,
  audit: auditMethods,
  datasets: datasetMethods,
  training: trainingMethods,
  generation: generationMethods,
  review: reviewMethods,
  exports: exportMethods,
  packs: packMethods,
  weights: weightMethods,
  devices: deviceMethods,
  demo: demoMethods,
  pictures: pictureMethods,
  splits: splitMethods,
  labels: labelMethods,
  media: mediaMethods,
  jobs: jobMethods,
  inspect: inspectMethods,
  prove: proveMethods,
  detectors: detectorMethods,
  uiState: uiStateMethods,
};

export type Contract = typeof contract;
export type Inputs = InferContractRouterInputs<Contract>;
/** What a host calls; long methods give an async iterator of events. */
export type FlawsmithClient = ContractRouterClient<Contract>;
