// The state of a training in a file beside the folder it will make: gone when the folder is there.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { canonicalJson, type JsonObject } from '../../../core/domain/json.ts';
import { atomicWrite } from '../../blobs/atomic-write.ts';
import type { DetectorContext } from '../detector.ts';

const MARK_BYTES = 64;

/** `identity`: everything the state depends on; the state of another training is overwritten, not used. */
export function checkpointBeside(out: string, identity: JsonObject) {
  const file = `${out}.training`;
  const mark = Buffer.from(createHash('sha256').update(canonicalJson(identity)).digest('hex'));
  const stored: Required<Pick<DetectorContext, 'checkpoint' | 'lastCheckpoint'>> = {
    checkpoint: (_step, bytes) => atomicWrite(file, Buffer.concat([mark, bytes])).then(() => {}),
    async lastCheckpoint() {
      if (!existsSync(file)) return null;
      const bytes = readFileSync(file);
      return mark.equals(bytes.subarray(0, MARK_BYTES)) ? { bytes: bytes.subarray(MARK_BYTES) } : null;
    },
  };
  return { ...stored, remove: () => rm(file, { force: true }) };
}
