// Which lowering of each op a run uses: a table measured on this PC, and the first lowering where it says nothing.

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/domain/json.ts';
import type { LoweringChoice } from '../../core/onnx/emit.ts';
import { loweringKey } from '../../core/onnx/lowering-key.ts';

export interface LoweringProfile extends LoweringChoice {
  /** Part of a run's identity: equal tables have equal names. */
  readonly name: string;
  readonly choices: Readonly<Record<string, string>>;
}

export function loweringProfile(choices: Readonly<Record<string, string>>): LoweringProfile {
  const hash = createHash('sha256').update(canonicalJson(choices)).digest('hex').slice(0, 12);
  return {
    name: `lowerings-${hash}`,
    choices,
    choose: (node, candidates) => {
      const chosen = choices[loweringKey(node)];
      return chosen !== undefined && candidates.includes(chosen) ? chosen : candidates[0];
    },
  };
}

/** Every op's first lowering; docs/decisions/0004 has the measurements behind their order. */
export const LOWERING_PROFILE = loweringProfile({});
