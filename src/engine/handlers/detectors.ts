// detectors.train: a detector of a product, as a folder to carry away.

import { AppError } from '../../core/base/errors.ts';
import { splitForProof } from '../../core/prove/split.ts';
import type { DetectorJob } from '../detector-services.ts';
import type { EngineContext } from '../engine-context.ts';
import { settleLabels } from '../labels/settle.ts';
import type { DeviceChoice } from '../services.ts';
import { appendAudit } from '../store/audit.ts';
import { listImages } from '../store/images.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { Call } from './call.ts';
import { chooseProduct } from './choose-product.ts';
import { toDatasetPicture } from './pictures.ts';
import { progressOf } from './progress.ts';
import { acceptedPictures } from './prove-split.ts';
import { tuned } from './train.ts';

export interface NewDetector {
  kind: DetectorJob['kind'];
  shots: number;
  shotSeed: number;
  seed: number;
  accepted: boolean;
  settings: Record<string, number>;
  product?: string;
  pack?: string;
  device?: DeviceChoice;
  out: string;
}

export async function trainProductDetector(context: EngineContext, input: NewDetector, call: Call) {
  const workspace = await context.writable();
  await settleLabels(workspace, context.clock);
  const product = chooseProduct(workspace.db, input.product);
  const { toProofPicture } = await import('../prove/pictures.ts');
  const images = listImages(workspace.db, product.id);
  const pictures = new Map(images.map((image) => [image.id, toDatasetPicture(image, workspace.blobs)]));
  const split = splitForProof(images.map(toProofPicture), input);
  if (split.shots.length === 0) {
    throw new AppError('no-defects', `"${product.name}" has no defect picture with a mask`, {
      hint: 'At least one is needed: import a folder with masks, then try again.',
    });
  }
  if (split.trainingNormals.length === 0) {
    throw new AppError('bad-dataset', `"${product.name}" has no good pictures to train with`, {
      hint: 'A detector must see good ones as well: import some.',
    });
  }
  const accepted = input.accepted ? acceptedPictures(workspace, product, split).usable : [];
  const profile = await context.services.devices.profile(input.device ?? 'cpu');
  const pack = await context.services.packs.resolve(input.pack ?? null, await context.packsFolder());
  const lowerings = profile.device === 'cpu' ? await tuned(context, pack, call) : {};
  const { kind, seed, settings, out } = input;
  const { device } = profile;
  const job: DetectorJob = {
    kind,
    split,
    pictures,
    accepted,
    seed,
    settings,
    pack,
    device,
    lowerings,
    out,
    engineVersion: ENGINE_VERSION,
  };
  const facts = await context.device.use(call.signal, () =>
    context.services.detectors.train(job, {
      signal: call.signal,
      onProgress: progressOf(call, context.clock, 'detector'),
      log: (message) => call.emit({ event: 'log', level: 'warn', message }),
    }),
  );
  workspace.db.transaction(() =>
    appendAudit(workspace.db, context.clock.now(), {
      event: 'detector trained',
      product: product.name,
      kind,
      shots: facts.shots,
      generated: facts.generated,
      out,
    }),
  );
  return { ...facts, product: product.name, kind };
}
