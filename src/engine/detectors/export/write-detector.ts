// Writes a trained detector as a folder that any program with ONNX Runtime can use.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { emitOnnx } from '../../../core/onnx/emit.ts';
import { atomicWrite } from '../../blobs/atomic-write.ts';
import { formatSums, SUMS_FILE, VERIFY_CMD, verifyCmd } from '../../exports/checksums.ts';
import { writeFolder } from '../../weights/write-weights.ts';
import type { DetectorFiles } from '../detector.ts';
import { methodOf } from '../methods/index.ts';
import { ownInputs } from '../open-detector.ts';
import { readDetectorWeights } from '../weights.ts';
import { DESCRIPTION_FILE, type DetectorDescription, describeDetector, ONNX_FILE } from './description.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** One window per run; weights, also those of a pack, are inside. */
export function detectorModel({ weights, spec }: DetectorFiles, packPath?: string): Uint8Array {
  const method = methodOf(spec.kind, spec.settings, packPath);
  const program = method.scoring(1);
  const own = readDetectorWeights(weights, ownInputs(program, method));
  return emitOnnx(program, { fixed: { ...method.frozen, ...own } }).bytes;
}

/** Writes detector.onnx, detector.json, verify.cmd and SHA256SUMS into a new folder. */
export async function writeDetector(
  files: DetectorFiles,
  out: string,
  packPath?: string,
): Promise<DetectorDescription> {
  const model = detectorModel(files, packPath);
  const description = describeDetector(files.spec, sha256(model));
  const contents = new Map<string, Uint8Array>([
    [ONNX_FILE, model],
    [DESCRIPTION_FILE, Buffer.from(`${JSON.stringify(description, null, 2)}\n`)],
    [VERIFY_CMD, Buffer.from(verifyCmd())],
  ]);
  await writeFolder(out, async (folder) => {
    for (const [name, bytes] of contents) await atomicWrite(join(folder, name), bytes);
    const hashes = new Map([...contents].map(([name, bytes]) => [name, sha256(bytes)]));
    await atomicWrite(join(folder, SUMS_FILE), Buffer.from(formatSums(hashes)));
  });
  return description;
}
