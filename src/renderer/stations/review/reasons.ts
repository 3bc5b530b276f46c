// Why a picture is rejected: the keys 1 to 6. Stored as these words, shown in the window's language.

import { REJECT_REASONS } from '../../../core/domain/reject-reasons.ts';

export const REASONS = REJECT_REASONS;
