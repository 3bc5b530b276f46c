// Worker thread that renders a range of seeds into one sample file; a killed one goes on where it stopped.

import { parentPort, workerData } from 'node:worker_threads';
import { renderSample } from '../../../core/render/sample.ts';
import { SampleFile } from './sample-file.ts';

export interface RenderJob {
  readonly file: string;
  readonly firstSeed: number;
  readonly count: number;
}

const { file, firstSeed, count } = workerData as RenderJob;
const samples = new SampleFile(file);
for (let i = samples.count; i < count; i++) {
  samples.append(renderSample(firstSeed + i));
  if ((i + 1) % 50 === 0 || i + 1 === count) parentPort?.postMessage(i + 1);
}
samples.close();
