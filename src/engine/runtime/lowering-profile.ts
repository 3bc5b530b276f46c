// Which lowering of each op a run uses: the seam where the tuner's measured table will come in.

import { FIRST_LOWERING, type LoweringChoice } from '../../core/onnx/emit.ts';

export interface LoweringProfile extends LoweringChoice {
  /** Part of a run's identity. */
  readonly name: string;
}

/** Every op's first lowering; docs/decisions/0004 has the measurements behind their order. */
export const LOWERING_PROFILE: LoweringProfile = { name: 'default-1', choose: FIRST_LOWERING.choose };
