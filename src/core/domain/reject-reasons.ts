// Why a generated picture is turned down, as the window offers it; the words are its own.

export const REJECT_REASONS = ['unreal', 'faint', 'place', 'mask', 'seam', 'copy'] as const;
