// The presets, in the order they are offered.

export { PROOF_PRESETS as PRESETS } from '../../../core/domain/proof.ts';
