// What makes two runs the same run: on equal identity, results are equal bit for bit.

import { canonicalJson, type JsonObject } from './json.ts';

/** Everything a result depends on (interfaces.md, "Identity"). */
export interface RunIdentity {
  method: string;
  params: JsonObject;
  seed: number;
  /** Hash of the product's pictures, labels and splits. */
  datasetRevision: string;
  packHash: string | null;
  engineVersion: string;
  loweringProfile: string;
  threads: number;
  runtimeVersion: string;
  /** Kind and name of the device; left out for the CPU, whose threads are named above. */
  device?: string;
}

/** The text whose SHA-256 is the run's identity. */
export function runIdentityText(identity: RunIdentity): string {
  return canonicalJson({ format: 'flawsmith-run-1', ...identity });
}

/** The first part in which two identities differ, in the user's words; null when they are the same. */
export function identityDifference(was: RunIdentity, is: RunIdentity): string | null {
  const named: [keyof RunIdentity, string][] = [
    ['device', 'the device (CPU or graphics card)'],
    ['datasetRevision', 'the pictures or masks of the product'],
    ['packHash', 'the base pack'],
    ['engineVersion', 'the version of Flawsmith'],
    ['runtimeVersion', 'the version of the compute runtime'],
    ['loweringProfile', "this PC's tuning profile"],
    ['threads', 'the number of threads'],
    ['method', 'the method'],
    ['params', 'the parameters'],
    ['seed', 'the seed'],
  ];
  for (const [key, words] of named) {
    if (canonicalJson(was[key] ?? null) !== canonicalJson(is[key] ?? null)) return words;
  }
  return null;
}
