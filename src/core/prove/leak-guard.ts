// Nothing that is tested on may be known from training: neither the picture, nor a copy of it, nor its physical part.

import type { LeakKind } from '../domain/proof.ts';
import type { ProofPicture, ProofSplit, TestPicture } from './split.ts';

/** A pair on two sides of the split that belongs on one. */
export interface Leak {
  readonly kind: LeakKind;
  readonly training: ProofPicture;
  readonly test: ProofPicture;
}

/** Contents (SHA-256) that show nearly the same, as groups of at least two. */
export type NearGroups = readonly (readonly string[])[];

/** One leak per test picture, the plainest reason first. Shots, validation and good training pictures count as training. */
export function findLeaks(split: ProofSplit, near: NearGroups): Leak[] {
  const training = [
    ...split.shots,
    ...split.validation.flatMap((picture) => picture.rows),
    ...split.trainingNormals,
  ];
  const groupOf = new Map(near.flatMap((group, g) => group.map((sha256) => [sha256, g] as const)));
  const reasons: [LeakKind, (p: ProofPicture) => string | number | null][] = [
    ['same-picture', (p) => p.sha256],
    ['near-duplicate', (p) => groupOf.get(p.sha256) ?? null],
    ['same-part', (p) => p.group],
  ];
  const known = reasons.map(([kind, keyOf]) => {
    const first = new Map<string | number, ProofPicture>();
    for (const picture of training) {
      const key = keyOf(picture);
      if (key !== null && !first.has(key)) first.set(key, picture);
    }
    return { kind, keyOf, first };
  });
  return split.tests.flatMap((test) => {
    for (const { kind, keyOf, first } of known) {
      for (const row of test.rows) {
        const key = keyOf(row);
        const found = key === null ? undefined : first.get(key);
        if (found !== undefined) return [{ kind, training: found, test: row }];
      }
    }
    return [];
  });
}

/** The split without the test pictures that leak. */
export function withoutLeaks(split: ProofSplit, leaks: readonly Leak[]): ProofSplit {
  const leaking = new Set(leaks.map((leak) => leak.test.id));
  const leaves = (test: TestPicture) => test.rows.some((row) => leaking.has(row.id));
  const tests = split.tests.filter((test) => !leaves(test));
  const types = split.types.map((type) => ({
    ...type,
    test: tests.filter((test) => test.rows.some((row) => row.type === type.type)).length,
  }));
  return {
    ...split,
    tests,
    types,
    leftOut: [...split.leftOut, ...split.tests.filter(leaves).map((test) => test.rows[0])],
  };
}

const WORDS: Readonly<Record<LeakKind, string>> = {
  'same-picture': 'are the same picture',
  'near-duplicate': 'show nearly the same',
  'same-part': 'show the same part',
};

/** The pair in words. */
export function leakSentence({ kind, training, test }: Leak): string {
  const part = kind === 'same-part' ? ` (${test.group})` : '';
  return `${training.file} (training) and ${test.file} (test) ${WORDS[kind]}${part}`;
}
