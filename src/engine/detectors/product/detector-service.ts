// Trains a detector on a product's pictures and writes it where the user wants it.

import type { DetectorJob, DetectorService } from '../../detector-services.ts';
import { loadProofMaterial, type ProofMaterial } from '../../prove/material.ts';
import { openCompute } from '../../runtime/compute.ts';
import { assertFree } from '../../weights/write-weights.ts';
import type { DetectorRequest } from '../detector.ts';
import { DESCRIPTION_FILE, ONNX_FILE } from '../export/description.ts';
import { writeDetector } from '../export/write-detector.ts';
import { checkedSettings } from '../settings.ts';
import { trainDetector } from '../train-detector.ts';
import { checkpointBeside } from './checkpoint-beside.ts';
import { generatedDefects, productWindows } from './product-windows.ts';

/** Content of everything the weights depend on. */
function identityOf(job: DetectorJob, request: DetectorRequest) {
  const { split, accepted, pictures, kind, seed, pack, engineVersion, device, lowerings } = job;
  const used = [...split.shots, ...split.trainingNormals].map(({ id, sha256 }) => {
    const { type, maskSha256 } = pictures.get(id)!;
    return [sha256, type, maskSha256];
  });
  return {
    kind,
    seed,
    device,
    lowerings,
    engineVersion,
    pack: pack.hash,
    settings: { ...request.settings },
    scale: request.scale,
    threads: request.compile.threads,
    used,
    accepted: accepted.map(({ sha256, maskSha256 }) => [sha256, maskSha256]),
    validation: split.validation.map(({ rows }) => rows[0].sha256),
  };
}

export const detectorService: DetectorService = {
  async train(job, { signal, onProgress, log }) {
    assertFree(job.out);
    const settings = checkedSettings(job.kind, job.settings);
    const materialJob = { split: job.split, pictures: job.pictures, seed: job.seed, settings };
    const material: ProofMaterial = await loadProofMaterial(materialJob, signal);
    if (material.validatesOnShots)
      log('no real defects are left to validate with: turned copies of the shots choose the stopping point');
    const generated = await generatedDefects(job.accepted, material, signal);
    const compute = openCompute(job.device, job.lowerings);
    try {
      const request: DetectorRequest = {
        kind: job.kind,
        source: productWindows(material, generated),
        validation: material.validation,
        scale: material.scale.scale,
        white: material.scale.white,
        seed: job.seed,
        settings,
        packPath: job.pack.path,
        compile: compute.options,
      };
      const state = checkpointBeside(job.out, identityOf(job, request));
      const detector = await trainDetector(request, { signal, progress: onProgress, ...state });
      try {
        await writeDetector(detector.files(), job.out, job.pack.path);
      } finally {
        await detector.release();
      }
      await state.remove();
      return {
        out: job.out,
        files: [ONNX_FILE, DESCRIPTION_FILE],
        thresholds: { ...detector.spec.thresholds },
        scale: request.scale,
        window: settings.window,
        shots: material.shots.length,
        normals: material.goods.length,
        generated: generated.length,
        validation: material.validation.length,
        validatedOnShots: material.validatesOnShots,
        summary: detector.summary,
      };
    } finally {
      await compute.close();
    }
  },
};
